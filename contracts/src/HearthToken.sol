// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IHearthToken} from "./interfaces/IHearthToken.sol";
import {ISentences} from "./interfaces/ISentences.sol";
import {SentenceVerifier} from "./base/SentenceVerifier.sol";
import {Text} from "./libraries/Text.sol";

/// @title HearthToken, as IHearthToken describes it.
contract HearthToken is ERC20, SentenceVerifier, IHearthToken {
    uint256 private constant MICRO = 1e12;
    /// @dev Thirteen digits keep the text under 240 bytes.
    uint256 private constant MICRO_LIMIT = 1e13;

    constructor(
        Branding memory branding,
        address genesisRecipient,
        uint256 genesisSupply
    ) ERC20(branding.practice ? "Practice token" : "Hearth", branding.symbol) SentenceVerifier(branding) {
        _mint(genesisRecipient, genesisSupply);
    }

    /// @inheritdoc IHearthToken
    function transferBySentence(
        address owner,
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external override {
        _useNumber(owner, ISentences.Kind.Transfer, number, deadlineMinutes);
        (uint256 start, uint256 end) = _transferText(to, micro, number, deadlineMinutes);
        _requireConsent(owner, Text.digest(start, end), signature);
        uint256 amount = uint256(micro) * MICRO;
        _transfer(owner, to, amount);
        emit SentenceTransfer(owner, to, amount, number);
    }

    /// @inheritdoc IHearthToken
    function burn(uint256 amount) external override {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc IHearthToken
    function transferSentence(
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view override returns (string memory) {
        (uint256 start, uint256 end) = _transferText(to, micro, number, deadlineMinutes);
        return Text.toString(start, end);
    }

    function _transferText(
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) private view returns (uint256 start, uint256 end) {
        if (micro >= MICRO_LIMIT) revert AmountTooLarge(micro);
        return _payment(": transfer\n", 11, micro, to, number, deadlineMinutes);
    }
}
