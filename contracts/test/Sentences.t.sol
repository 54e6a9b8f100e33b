// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Text} from "../src/libraries/Text.sol";
import {HearthToken} from "../src/HearthToken.sol";
import {Payments} from "../src/Payments.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {Fixture} from "./support/Fixture.sol";
import {Wallet} from "./support/Base.sol";

contract TextHarness {
    function decimal(uint256 value) external pure returns (string memory) {
        uint256 start = Text.begin();
        return Text.toString(start, Text.decimal(start, value));
    }

    function account(address value) external pure returns (string memory) {
        uint256 start = Text.begin();
        return Text.toString(start, Text.account(start, value));
    }

    function deadline(uint256 value) external pure returns (string memory) {
        uint256 start = Text.begin();
        return Text.toString(start, Text.deadline(start, value));
    }

    function amount(uint256 value) external pure returns (string memory) {
        uint256 start = Text.begin();
        return Text.toString(start, Text.amount(start, value));
    }

    function digestOf(uint256 length) external pure returns (bytes32 hash, string memory text) {
        uint256 start = Text.begin();
        uint256 end = start;
        for (; end < start + length;) end = Text.word(end, "a", 1);
        hash = Text.digest(start, end);
        text = Text.toString(start, end);
    }
}

contract SentencesTest is Fixture {
    TextHarness private text = new TextHarness();

    function test_deadlines_read_as_calendar_dates() public view {
        vm.assertEq(text.deadline(0), "Until 1970-01-01 00:00 UTC\n");
        vm.assertEq(text.deadline(29_934_720), "Until 2026-12-01 00:00 UTC\n");
        vm.assertEq(text.deadline(27_490_000), "Until 2022-04-08 06:40 UTC\n");
        vm.assertEq(text.deadline(28_487_519), "Until 2024-02-29 23:59 UTC\n");
        vm.assertEq(text.deadline(28_487_520), "Until 2024-03-01 00:00 UTC\n");
        // The last day of four hundred years, counted from a first of March, and the first of the next.
        vm.assertEq(text.deadline(15_864_479), "Until 2000-02-29 23:59 UTC\n");
        vm.assertEq(text.deadline(15_864_480), "Until 2000-03-01 00:00 UTC\n");
        vm.assertEq(text.deadline(68_374_079), "Until 2099-12-31 23:59 UTC\n");
        vm.assertEq(text.deadline(68_459_040), "Until 2100-03-01 00:00 UTC\n");
    }

    function test_amounts_have_six_decimals() public view {
        vm.assertEq(text.amount(0), "0.000000");
        vm.assertEq(text.amount(1), "0.000001");
        vm.assertEq(text.amount(12_345_678), "12.345678");
        vm.assertEq(text.amount(9_999_999_999_999), "9999999.999999");
    }

    function testFuzz_decimals_match_a_plain_formatter(uint128 value) public view {
        vm.assertEq(text.decimal(value % 1e32), decimalOf(value % 1e32));
    }

    function testFuzz_accounts_match_a_plain_formatter(address value) public view {
        bytes memory expected = bytes("0x0000000000000000000000000000000000000000");
        for (uint256 i; i < 40; ++i) {
            uint8 nibble = uint8(uint160(value) >> (4 * (39 - i))) & 15;
            expected[2 + i] = bytes1(nibble < 10 ? 48 + nibble : 87 + nibble);
        }
        vm.assertEq(text.account(value), string(expected));
    }

    function testFuzz_digests_are_eip191(uint256 length) public view {
        length = bound(length, 10, 350);
        (bytes32 hash, string memory content) = text.digestOf(length);
        vm.assertEq(bytes(content).length, length);
        vm.assertEq(hash, personalDigest(content));
    }

    function test_claim_reads_as_the_fixture_does() public {
        vm.chainId(8453);
        deploy(ISentences.Branding(false, "Hearth", "HRTH"));
        string memory claimText = payments.claimSentence(
            0x70997970C51812dc3A010C7d01b50e0d17dc79C8,
            12_345_678,
            7,
            29_935_440
        );
        string memory expected = string(
            abi.encodePacked(
                "Hearth: claim\n12.345678 HRTH\nto 0x70997970c51812dc3a010c7d01b50e0d17dc79c8\n",
                "Chain 8453, number 7\nUntil 2026-12-01 12:00 UTC\nContract ",
                text.account(address(payments))
            )
        );
        vm.assertEq(claimText, expected);
        vm.assertEq(bytes(claimText).length, 174);
    }

    function test_unstake_names_market_and_operator() public {
        vm.chainId(8453);
        deploy(ISentences.Branding(false, "Hearth", "HRTH"));
        address owner = 0x70997970C51812dc3A010C7d01b50e0d17dc79C8;
        string memory expected = string(
            abi.encodePacked(
                "Hearth: unstake\n12.345678 HRTH\nfrom storage by\n0x70997970c51812dc3a010c7d01b50e0d17dc79c8\n",
                "Chain 8453, number 7\nUntil 2026-12-01 12:00 UTC\nContract ",
                text.account(address(registry))
            )
        );
        vm.assertEq(registry.unstakeSentence(owner, address(market), 12_345_678, 7, 29_935_440), expected);
    }

    function test_payout_says_what_changes_and_when() public {
        vm.chainId(8453);
        deploy(ISentences.Branding(false, "Hearth", "HRTH"));
        string memory tail = string(
            abi.encodePacked(
                "Chain 8453, number 7\nUntil 2026-12-01 12:00 UTC\nContract ",
                text.account(address(payments))
            )
        );
        string memory to = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8\n";
        vm.assertEq(
            payments.payoutSentence(0x70997970C51812dc3A010C7d01b50e0d17dc79C8, 7, 29_935_440),
            string(abi.encodePacked("Hearth: payout\nmy claims go to\n", to, "after 90 seconds\n", tail))
        );
        vm.assertEq(
            payments.cancelPayoutSentence(0x70997970C51812dc3A010C7d01b50e0d17dc79C8, 7, 29_935_440),
            string(abi.encodePacked("Hearth: cancel payout\nto ", to, tail))
        );
    }

    function test_a_wait_of_whole_hours_is_said_in_hours() public {
        string memory sentence = paymentsWaiting(72 hours).payoutSentence(node.addr, 1, 29_935_440);
        vm.assertEq(lineOf(sentence, 4), "after 72 hours");
        sentence = paymentsWaiting(72 hours + 1).payoutSentence(node.addr, 1, 29_935_440);
        vm.assertEq(lineOf(sentence, 4), "after 259201 seconds");
    }

    function paymentsWaiting(uint32 waitSeconds) private returns (Payments) {
        ISentences.Branding memory branding = ISentences.Branding(true, "Hearth", "PLAY.6");
        return
            new Payments(
                branding,
                token,
                registry,
                rewards,
                markets(),
                address(repairFund),
                THAW,
                waitSeconds,
                clock()
            );
    }

    /// @dev From 0.
    function lineOf(string memory sentence, uint256 wanted) private pure returns (string memory) {
        bytes memory all = bytes(sentence);
        uint256 start;
        uint256 end;
        for (uint256 line; line <= wanted; ++line) {
            if (line != 0) start = end + 1;
            for (end = start; all[end] != "\n"; ++end) {}
        }
        bytes memory found = new bytes(end - start);
        for (uint256 i; i < found.length; ++i) found[i] = all[start + i];
        return string(found);
    }

    function test_practice_says_so_first() public view {
        string memory sentence = registry.revokeSentence(node.addr);
        bytes memory start = new bytes(19);
        for (uint256 i; i < 19; ++i) start[i] = bytes(sentence)[i];
        vm.assertEq(string(start), "PRACTICE, no value\n");
    }

    function test_longest_texts_stay_within_their_limits() public {
        vm.chainId(type(uint48).max);
        deploy(ISentences.Branding(true, "Hearth", "PLAY.6"));
        IRegistry.NodeBinding[] memory nodes = new IRegistry.NodeBinding[](5);
        for (uint8 i; i < 5; ++i) nodes[i] = IRegistry.NodeBinding(address(uint160(i)), i, "", "");
        IRegistry.Authorization memory authorization = IRegistry.Authorization(
            operator.addr,
            nodes,
            1e13 - 1,
            1e13 - 1,
            type(uint32).max,
            type(uint32).max
        );
        vm.assertLe(bytes(registry.authorizeSentence(authorization)).length, 320, "authorize");
        string memory transfer = token.transferSentence(node.addr, 1e13 - 1, type(uint32).max, type(uint32).max);
        vm.assertLe(bytes(transfer).length, 240, "transfer");
        string memory unstakes = registry.unstakeSentence(
            node.addr,
            address(market),
            1e13 - 1,
            type(uint32).max,
            type(uint32).max
        );
        vm.assertLe(bytes(unstakes).length, 240, "unstake");
        string memory stakes = payments.stakeSentence(
            node.addr,
            address(market),
            1e13 - 1,
            type(uint32).max,
            type(uint32).max
        );
        vm.assertLe(bytes(stakes).length, 240, "stake");
        Payments longest = paymentsWaiting(type(uint32).max);
        string memory change = longest.payoutSentence(node.addr, type(uint32).max, type(uint32).max);
        vm.assertLe(bytes(change).length, 240, "payout");
        string memory cancel = longest.cancelPayoutSentence(node.addr, type(uint32).max, type(uint32).max);
        vm.assertLe(bytes(cancel).length, 240, "cancel payout");
    }

    function test_names_outside_the_character_set_are_refused() public {
        string[5] memory names = ["", "Sevenll", "Be\nar", "Sch\xc3\xb6", "a_b"];
        for (uint256 i; i < names.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ISentences.NameInvalid.selector, names[i]));
            new HearthToken(ISentences.Branding(false, names[i], "HRTH"), stewardship, address(this), 1, clock());
            vm.expectRevert(abi.encodeWithSelector(ISentences.NameInvalid.selector, names[i]));
            new HearthToken(ISentences.Branding(false, "Hearth", names[i]), stewardship, address(this), 1, clock());
        }
    }

    function test_chain_ids_that_would_not_fit_are_refused() public {
        vm.chainId(uint256(type(uint48).max) + 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.ChainIdTooLarge.selector, block.chainid));
        new HearthToken(ISentences.Branding(false, "Hearth", "HRTH"), stewardship, address(this), 1, clock());
    }

    function testFuzz_two_claims_never_share_a_text(uint64 microA, uint64 microB, uint32 a, uint32 b) public view {
        (microA, microB) = (microA % 1e13, microB % 1e13);
        vm.assume(microA != microB || a != b);
        bytes32 left = keccak256(bytes(payments.claimSentence(operator.addr, microA, a, b)));
        bytes32 right = keccak256(bytes(payments.claimSentence(operator.addr, microB, b, a)));
        vm.assertTrue(left != right);
    }

    function testFuzz_payout_texts_differ_by_address_number_kind_and_deadline(
        address to,
        address other,
        uint32 a,
        uint32 b
    ) public view {
        vm.assume(to != other);
        bytes32[6] memory texts = [
            keccak256(bytes(payments.payoutSentence(to, a, b))),
            keccak256(bytes(payments.payoutSentence(other, a, b))),
            keccak256(bytes(payments.cancelPayoutSentence(to, a, b))),
            keccak256(bytes(payments.cancelPayoutSentence(other, a, b))),
            keccak256(bytes(payments.payoutSentence(to, a ^ 1, b))),
            keccak256(bytes(payments.cancelPayoutSentence(to, a, b ^ 1)))
        ];
        for (uint256 i; i < texts.length; ++i) {
            for (uint256 j; j < i; ++j) vm.assertTrue(texts[i] != texts[j]);
        }
    }
}
