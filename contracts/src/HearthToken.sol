// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IHearthToken} from "./interfaces/IHearthToken.sol";
import {ISentences} from "./interfaces/ISentences.sol";
import {IStewardship} from "./interfaces/IStewardship.sol";
import {SentenceVerifier} from "./base/SentenceVerifier.sol";
import {Emission} from "./libraries/Emission.sol";
import {Text} from "./libraries/Text.sol";

/// @title HearthToken, as IHearthToken describes it.
contract HearthToken is ERC20, SentenceVerifier, IHearthToken {
    uint256 private constant MICRO = 1e12;
    /// @dev Thirteen digits keep the text under 240 bytes.
    uint256 private constant MICRO_LIMIT = 1e13;

    uint256 private constant CAP_WEI = 200_000_000e18;
    uint256 private constant LARGEST_GENESIS_WEI = CAP_WEI - Emission.ALL_GWEI * Emission.GWEI;

    IStewardship private immutable STEWARDSHIP;
    uint256 public immutable override epochSeconds;
    uint256 public immutable override epochOrigin;

    uint256 public override mintedWei;

    constructor(
        Branding memory branding,
        IStewardship stewardship,
        address genesisRecipient,
        uint256 genesisSupply,
        Emission.Clock memory clock
    ) ERC20(branding.practice ? "Practice token" : "Hearth", branding.symbol) SentenceVerifier(branding) {
        if (genesisSupply > LARGEST_GENESIS_WEI) revert GenesisTooLarge(genesisSupply, LARGEST_GENESIS_WEI);
        STEWARDSHIP = stewardship;
        (epochSeconds, epochOrigin) = (clock.epochSeconds, clock.origin);
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
    function mint(address to, uint256 amount) external override {
        if (msg.sender != STEWARDSHIP.minter()) revert NotMinter(msg.sender);
        uint256 left = _leftWei();
        if (amount > left) revert BeyondSchedule(amount, left);
        mintedWei += amount;
        _mint(to, amount);
    }

    /// @inheritdoc IHearthToken
    function burn(uint256 amount) external override {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc IHearthToken
    function mintableBy(address account) external view override returns (uint256) {
        return account == STEWARDSHIP.minter() ? _leftWei() : 0;
    }

    /// @inheritdoc IHearthToken
    function cap() external pure override returns (uint256) {
        return CAP_WEI;
    }

    /// @inheritdoc IHearthToken
    function ceilingWei(uint256 role, uint256 epoch) external pure override returns (uint256) {
        return Emission.ceilingGwei(role, epoch) * Emission.GWEI;
    }

    /// @inheritdoc IHearthToken
    function currentEpoch() public view override returns (uint256) {
        return block.timestamp / epochSeconds - epochOrigin;
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

    /// @dev What the schedule of all ended epochs allows and nobody has minted. The sum never exceeds `Emission.ALL_GWEI`,
    /// so the cap holds without a check of its own.
    function _leftWei() private view returns (uint256) {
        return Emission.throughGwei(currentEpoch() - 1) * Emission.GWEI - mintedWei;
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
