// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture} from "./support/Fixture.sol";
import {Wallet} from "./support/Base.sol";

contract HearthTokenTest is Fixture {
    uint32 private deadline;

    function setUp() public override {
        super.setUp();
        token.transfer(operator.addr, 100e18);
        deadline = minutesAhead(24);
    }

    function signatureOf(
        Wallet memory owner,
        address to,
        uint64 micro,
        uint32 number
    ) private view returns (bytes memory) {
        return signed(owner, personalDigest(token.transferSentence(to, micro, number, deadline)));
    }

    function test_constructor_mints_all_there_is() public view {
        vm.assertEq(token.totalSupply(), SUPPLY);
        vm.assertEq(token.symbol(), "PLAY");
        vm.assertTrue(token.practice());
    }

    function testFuzz_sentence_moves_exactly_its_amount(uint64 micro, address submitter) public {
        micro = uint64(bound(micro, 0, 100e6));
        bytes memory signature = signatureOf(operator, node.addr, micro, 1);
        vm.prank(submitter);
        token.transferBySentence(operator.addr, node.addr, micro, 1, deadline, signature);
        vm.assertEq(token.balanceOf(node.addr), uint256(micro) * 1e12);
        vm.assertEq(token.balanceOf(operator.addr), 100e18 - uint256(micro) * 1e12);
    }

    function test_owner_may_send_it_himself_without_a_signature() public {
        vm.prank(operator.addr);
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, "");
        vm.assertEq(token.balanceOf(node.addr), 1e12);
    }

    function test_stranger_without_signature_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, address(this)));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, "");
    }

    function test_signature_of_another_is_refused() public {
        bytes memory signature = signatureOf(customer, node.addr, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, customer.addr));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signature);
    }

    function test_numbers_come_one_after_the_other() public {
        bytes memory second = signatureOf(operator, node.addr, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 2, 0));
        token.transferBySentence(operator.addr, node.addr, 1, 2, deadline, second);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 0, 0));
        token.transferBySentence(operator.addr, node.addr, 1, 0, deadline, second);
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signatureOf(operator, node.addr, 1, 1));
        token.transferBySentence(operator.addr, node.addr, 1, 2, deadline, second);
    }

    function test_expired_sentence_is_refused() public {
        bytes memory signature = signatureOf(operator, node.addr, 1, 1);
        vm.warp(uint256(deadline) * 60 + 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.SentenceExpired.selector, uint256(deadline) * 60));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signature);
    }

    function test_deadline_over_a_week_ahead_is_refused() public {
        deadline = minutesAhead(7 * 24) + 1;
        bytes memory signature = signatureOf(operator, node.addr, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.DeadlineTooFar.selector, uint256(deadline) * 60));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signature);
    }

    function test_amount_beyond_thirteen_digits_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        token.transferBySentence(operator.addr, node.addr, 1e13, 1, deadline, "");
    }

    function test_failed_transfer_consumes_no_number() public {
        bytes memory signature = signatureOf(operator, node.addr, 101e6, 1);
        vm.expectRevert();
        token.transferBySentence(operator.addr, node.addr, 101e6, 1, deadline, signature);
        vm.assertEq(token.lastNumber(operator.addr, ISentences.Kind.Transfer), 0);
    }

    function testFuzz_burning_lowers_the_supply(uint256 amount) public {
        amount = bound(amount, 0, 100e18);
        vm.prank(operator.addr);
        token.burn(amount);
        vm.assertEq(token.totalSupply(), SUPPLY - amount);
        vm.assertEq(token.balanceOf(operator.addr), 100e18 - amount);
    }
}
