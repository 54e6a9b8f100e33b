// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SentenceVerifier} from "./SentenceVerifier.sol";

/// @title The markets of a deployment, and the sentences that move stake into and out of them.
abstract contract StakeSentences is SentenceVerifier {
    address internal immutable STORAGE_MARKET;
    address internal immutable RENDER_MARKET;
    address internal immutable ENERGY_MARKET;

    constructor(Markets memory markets) {
        (STORAGE_MARKET, RENDER_MARKET) = (markets.storageMarket, markets.renderMarket);
        ENERGY_MARKET = markets.energyMarket;
    }

    /// @dev The text of stake and unstake, which name a market by its role. `preposition` begins with a line end and ends with
    /// a space.
    function _staking(
        bytes32 verb,
        uint256 verbLength,
        bytes32 preposition,
        uint256 prepositionLength,
        address market,
        uint256 micro,
        address operator,
        uint256 number,
        uint256 deadlineMinutes
    ) internal view returns (uint256 start, uint256 end) {
        (bytes32 role, uint256 roleLength) = _roleOfMarket(market);
        bytes32 link = preposition | (role >> (8 * prepositionLength));
        return
            _movement(verb, verbLength, link, prepositionLength + roleLength, micro, operator, number, deadlineMinutes);
    }

    /// @dev The market's word with what follows it; refuses everything that is no market.
    function _roleOfMarket(address market) private view returns (bytes32 role, uint256 length) {
        if (market == STORAGE_MARKET) return ("storage by\n", 11);
        if (market == RENDER_MARKET) return ("render by\n", 10);
        if (market == ENERGY_MARKET) return ("energy by\n", 10);
        revert NotAMarket(market);
    }
}
