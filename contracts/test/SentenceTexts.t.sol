// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture} from "./support/Fixture.sol";

/// @dev The sentences word for word. A test that only signs what a contract wrote would go along with any other wording.
contract SentenceTextsTest is Fixture {
    address private constant ACCOUNT = 0x70997970C51812dc3A010C7d01b50e0d17dc79C8;
    string private constant ACCOUNT_TEXT = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
    string private constant CONDITIONS = "Chain 8453, number 7\nUntil 2026-12-01 12:00 UTC\nContract ";
    uint32 private constant DEADLINE = 29_935_440;

    function setUp() public override {
        super.setUp();
        vm.chainId(8453);
        deploy(ISentences.Branding(false, "Hearth", "HRTH"));
    }

    function test_transfer_word_for_word() public view {
        string memory expected = string.concat("Hearth: transfer\n12.345678 HRTH\nto ", ACCOUNT_TEXT, "\n");
        expected = string.concat(expected, CONDITIONS, textOf(address(token)));
        vm.assertEq(token.transferSentence(ACCOUNT, 12_345_678, 7, DEADLINE), expected);
    }

    function test_stake_word_for_word() public view {
        string memory expected = string.concat("Hearth: stake\n12.345678 HRTH\nfor storage by\n", ACCOUNT_TEXT, "\n");
        expected = string.concat(expected, CONDITIONS, textOf(address(payments)));
        vm.assertEq(payments.stakeSentence(ACCOUNT, address(market), 12_345_678, 7, DEADLINE), expected);
    }

    function test_stake_names_each_market_by_its_role_and_no_other() public {
        address[3] memory markets_ = [address(market), address(renderMarket), address(energyMarket)];
        string[3] memory roles = ["storage", "render", "energy"];
        for (uint256 i; i < 3; ++i) {
            string memory middle = string.concat(roles[i], " by\n", ACCOUNT_TEXT, "\n", CONDITIONS);
            string memory expected = string.concat("Hearth: stake\n12.345678 HRTH\nfor ", middle);
            vm.assertEq(
                payments.stakeSentence(ACCOUNT, markets_[i], 12_345_678, 7, DEADLINE),
                string.concat(expected, textOf(address(payments)))
            );
            expected = string.concat("Hearth: unstake\n12.345678 HRTH\nfrom ", middle);
            vm.assertEq(
                registry.unstakeSentence(ACCOUNT, markets_[i], 12_345_678, 7, DEADLINE),
                string.concat(expected, textOf(address(registry)))
            );
        }
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, ACCOUNT));
        payments.stakeSentence(ACCOUNT, ACCOUNT, 1, 1, DEADLINE);
    }

    function test_revoke_word_for_word() public view {
        string memory expected = string.concat("Hearth: revoke\nfor ever this key\n", ACCOUNT_TEXT, "\nChain 8453\n");
        expected = string.concat(expected, "Contract ", textOf(address(registry)));
        vm.assertEq(registry.revokeSentence(ACCOUNT), expected);
    }

    function test_authorize_word_for_word_with_every_set_of_roles() public view {
        string[5] memory names = ["storage", "render", "energy", "indexing", "relay"];
        for (uint256 mask = 1; mask < 32; ++mask) {
            IRegistry.NodeBinding[] memory nodes = new IRegistry.NodeBinding[](countOf(mask));
            string memory roles;
            bytes memory packed;
            uint256 count;
            for (uint8 role; role < 5; ++role) {
                if ((mask >> role) & 1 == 0) continue;
                address key = address(uint160(uint256(keccak256(abi.encode(mask, role)))));
                roles = string.concat(roles, count == 0 ? "" : ", ", names[role]);
                packed = abi.encodePacked(packed, role, key);
                nodes[count++] = IRegistry.NodeBinding(key, role, "", "");
            }
            bytes memory code = abi.encodePacked(bytes16(keccak256(packed)));
            string memory expected = "Hearth: authorize\nMay risk 100.000000 HRTH\nMay spend 1.500000 HRTH a day\nas ";
            expected = string.concat(expected, roles, "\nKeys ", string(abi.encodePacked(bytes1(uint8(48 + count)))));
            expected = string.concat(expected, ", code ", hexOf(code), "\n", CONDITIONS, textOf(address(registry)));
            IRegistry.Authorization memory consent = IRegistry.Authorization(ACCOUNT, nodes, 100e6, 15e5, 7, DEADLINE);
            vm.assertEq(registry.authorizeSentence(consent), expected);
        }
    }

    function countOf(uint256 mask) private pure returns (uint256 count) {
        for (; mask != 0; mask >>= 1) count += mask & 1;
    }

    function textOf(address account) private pure returns (string memory) {
        return string.concat("0x", hexOf(abi.encodePacked(account)));
    }

    function hexOf(bytes memory value) private pure returns (string memory) {
        bytes memory digits = "0123456789abcdef";
        bytes memory text = new bytes(2 * value.length);
        for (uint256 i; i < value.length; ++i) {
            text[2 * i] = digits[uint8(value[i]) >> 4];
            text[2 * i + 1] = digits[uint8(value[i]) & 15];
        }
        return string(text);
    }
}
