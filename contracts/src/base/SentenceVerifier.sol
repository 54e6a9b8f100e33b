// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ISentences} from "../interfaces/ISentences.sol";
import {Text} from "../libraries/Text.sol";

/// @title Rebuilds consent sentences and checks who signed them (PROTOCOL 1.3 to 1.6).
/// @dev Constant parts are immutables, so that a rebuild reads no storage; the chain id is read at execution, so that a
/// fork of the chain ends the validity of every sentence signed for the other side.
abstract contract SentenceVerifier is ISentences {
    /// @dev Longest deadline ahead of the block's time that is accepted.
    uint256 internal constant MAXIMUM_AHEAD_SECONDS = 7 days;
    /// @dev Keeps each kind under its byte limit together with the limits on label and symbol.
    uint256 internal constant LONGEST_NAME = 6;
    uint256 internal constant LARGEST_CHAIN_ID = type(uint48).max;

    bool public immutable override practice;
    bytes32 private immutable LABEL;
    uint256 private immutable LABEL_LENGTH;
    bytes32 private immutable SYMBOL;
    uint256 private immutable SYMBOL_LENGTH;
    bytes32 private immutable ADDRESS_HEAD;
    bytes32 private immutable ADDRESS_TAIL;

    mapping(address operator => mapping(Kind kind => uint32 number)) private _lastNumbers;

    constructor(Branding memory branding) {
        practice = branding.practice;
        (LABEL, LABEL_LENGTH) = _checkedName(branding.label);
        (SYMBOL, SYMBOL_LENGTH) = _checkedName(branding.symbol);
        if (block.chainid > LARGEST_CHAIN_ID) revert ChainIdTooLarge(block.chainid);
        uint160 self = uint160(address(this));
        ADDRESS_HEAD = Text.hexDigits(uint128(self >> 32));
        ADDRESS_TAIL = Text.hexDigits(uint128(self) << 96);
    }

    /// @inheritdoc ISentences
    function lastNumber(address operator, Kind kind) public view virtual override returns (uint32) {
        return _lastNumbers[operator][kind];
    }

    /// @dev Starts a text: `PRACTICE, no value` where it applies, then `label: verb`. `verb` includes colon, space and line end.
    function _open(bytes32 verb, uint256 verbLength) internal view returns (uint256 start, uint256 cursor) {
        start = Text.begin();
        cursor = start;
        if (practice) cursor = Text.word(cursor, "PRACTICE, no value\n", 19);
        cursor = Text.word(cursor, LABEL, LABEL_LENGTH);
        cursor = Text.word(cursor, verb, verbLength);
    }

    /// @dev Appends `digits.dddddd SYMBOL` without a line end.
    function _tokens(uint256 cursor, uint256 micro) internal view returns (uint256) {
        cursor = Text.amount(cursor, micro);
        cursor = Text.word(cursor, " ", 1);
        return Text.word(cursor, SYMBOL, SYMBOL_LENGTH);
    }

    /// @dev Appends chain, number and deadline, each on its line.
    function _conditions(uint256 cursor, uint256 number, uint256 deadlineMinutes) internal view returns (uint256) {
        cursor = Text.word(cursor, "Chain ", 6);
        cursor = Text.decimal(cursor, block.chainid);
        cursor = Text.word(cursor, ", number ", 9);
        cursor = Text.decimal(cursor, number);
        cursor = Text.word(cursor, "\n", 1);
        return Text.deadline(cursor, deadlineMinutes);
    }

    /// @dev Appends the last line, which names this contract.
    function _close(uint256 cursor) internal view returns (uint256) {
        cursor = Text.word(cursor, "Contract 0x", 11);
        cursor = Text.word(cursor, ADDRESS_HEAD, 32);
        return Text.word(cursor, ADDRESS_TAIL, 8);
    }

    /// @dev `verb / amount / to recipient / chain, number / deadline / contract`, the text of claim and transfer.
    function _payment(
        bytes32 verb,
        uint256 verbLength,
        uint256 micro,
        address to,
        uint256 number,
        uint256 deadlineMinutes
    ) internal view returns (uint256 start, uint256 end) {
        return _movement(verb, verbLength, "\nto ", 4, micro, to, number, deadlineMinutes);
    }

    /// @dev The same with other words between amount and account: `link` begins with a line end.
    function _movement(
        bytes32 verb,
        uint256 verbLength,
        bytes32 link,
        uint256 linkLength,
        uint256 micro,
        address account,
        uint256 number,
        uint256 deadlineMinutes
    ) internal view returns (uint256 start, uint256 end) {
        uint256 cursor;
        (start, cursor) = _open(verb, verbLength);
        cursor = _tokens(cursor, micro);
        cursor = Text.word(cursor, link, linkLength);
        cursor = Text.account(cursor, account);
        cursor = Text.word(cursor, "\n", 1);
        end = _close(_conditions(cursor, number, deadlineMinutes));
    }

    /// @dev Takes the next number and checks the deadline. A later revert undoes it, so a failure never consumes a number.
    function _useNumber(address operator, Kind kind, uint32 number, uint32 deadlineMinutes) internal {
        _requireTimely(deadlineMinutes);
        _requireNext(number, _lastNumbers[operator][kind]);
        _lastNumbers[operator][kind] = number;
    }

    function _requireTimely(uint32 deadlineMinutes) internal view {
        uint256 deadline = uint256(deadlineMinutes) * 60;
        if (block.timestamp > deadline) revert SentenceExpired(deadline);
        if (deadline > block.timestamp + MAXIMUM_AHEAD_SECONDS) revert DeadlineTooFar(deadline);
    }

    function _requireNext(uint32 number, uint32 last) internal pure {
        if (number == 0 || number - 1 != last) revert NumberNotNext(number, last);
    }

    /// @dev Accepts the operator's signature over the digest, or the operator as sender with an empty signature.
    /// Nothing else: ERC-1271 would let the code of a delegated account answer for its owner.
    function _requireConsent(address operator, bytes32 digest, bytes calldata signature) internal view {
        if (signature.length == 0) {
            if (msg.sender != operator) revert NotSigned(operator, msg.sender);
            return;
        }
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem != ECDSA.RecoverError.NoError || signer != operator) revert NotSigned(operator, signer);
    }

    function _checkedName(string memory name) private pure returns (bytes32 word, uint256 length) {
        bytes memory characters = bytes(name);
        length = characters.length;
        if (length == 0 || length > LONGEST_NAME) revert NameInvalid(name);
        for (uint256 i; i < length; ++i) {
            bytes1 c = characters[i];
            bool letter = (c >= "A" && c <= "Z") || (c >= "a" && c <= "z");
            bool other = (c >= "0" && c <= "9") || c == " " || c == "." || c == "-";
            if (!letter && !other) revert NameInvalid(name);
        }
        word = bytes32(characters);
    }
}
