// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {ISentences} from "../../src/interfaces/ISentences.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Base.sol";

/// @notice One test per attack of PROTOCOL 1.8 on where claims go. The thief has talked the operator's computer, and at times
/// the operator himself, into something; the wait and the text on the device are what is left.
contract PayoutAttacks is Fixture {
    Wallet private thief;
    Wallet private safe;

    function setUp() public override {
        super.setUp();
        (thief, safe) = (walletOf(666), walletOf(70));
        authorize(operator, node, 0);
        fund(customer.addr, 1000e18);
        earnByVoucher(100e18);
    }

    function refusedClaim(bytes memory signature, uint32 number, uint32 deadline) private {
        vm.expectRevert();
        payments.claim(operator.addr, 1e6, number, deadline, signature);
    }

    function claimSignature(uint32 number, uint32 deadline) private view returns (bytes memory) {
        return signed(operator, personalDigest(payments.claimSentence(operator.addr, 1e6, number, deadline)));
    }

    function test_1_8_a_payout_swap_is_of_no_use_before_the_wait_is_over() public {
        changePayout(operator, thief.addr);
        vm.warp(block.timestamp + PAYOUT_WAIT - 1);
        vm.prank(thief.addr);
        vm.expectRevert(abi.encodeWithSelector(IPayments.PayoutWaiting.selector, block.timestamp + 1));
        payments.finishPayout(operator.addr);
        uint64 all = uint64(payments.earningsOf(operator.addr).claimableWei / 1e12);
        claim(operator, all);
        vm.assertEq(token.balanceOf(operator.addr), uint256(all) * 1e12);
        cancelPayout(operator);
        vm.warp(block.timestamp + 100 days);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NoPayoutChange.selector, operator.addr));
        payments.finishPayout(operator.addr);
        vm.assertEq(token.balanceOf(thief.addr), 0);
    }

    function test_1_8_nobody_else_changes_a_payout() public {
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(thief, personalDigest(payments.payoutSentence(thief.addr, 1, deadline)));
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, thief.addr));
        payments.changePayout(operator.addr, thief.addr, 1, deadline, signature);
        // Not even the machine's own key, and no contract's word.
        vm.prank(node.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, node.addr));
        payments.changePayout(operator.addr, node.addr, 1, deadline, "");
    }

    function test_1_8_a_swapped_address_is_not_what_was_signed() public {
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(operator, personalDigest(payments.payoutSentence(safe.addr, 1, deadline)));
        vm.prank(thief.addr);
        vm.expectRevert();
        payments.changePayout(operator.addr, thief.addr, 1, deadline, signature);
        payments.changePayout(operator.addr, safe.addr, 1, deadline, signature);
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, safe.addr);
    }

    function test_1_8_nobody_else_cancels_a_change() public {
        changePayout(operator, safe.addr);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(thief, personalDigest(payments.cancelPayoutSentence(safe.addr, 1, deadline)));
        vm.prank(thief.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, thief.addr));
        payments.cancelPayout(operator.addr, 1, deadline, signature);
        vm.prank(thief.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, thief.addr));
        payments.cancelPayout(operator.addr, 1, deadline, "");
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, safe.addr);
    }

    function test_1_8_a_cancel_for_one_address_does_not_cancel_another() public {
        changePayout(operator, thief.addr);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(
            operator,
            personalDigest(payments.cancelPayoutSentence(thief.addr, 1, deadline))
        );
        changePayout(operator, safe.addr);
        vm.expectRevert();
        payments.cancelPayout(operator.addr, 1, deadline, signature);
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, safe.addr);
    }

    function test_1_8_a_claim_that_names_the_old_payout_is_refused_after_the_change() public {
        uint32 deadline = minutesAhead(24);
        bytes memory stale = claimSignature(1, deadline);
        movePayout(operator, safe.addr);
        refusedClaim(stale, 1, deadline);
        claim(operator, 1e6);
        vm.assertEq(token.balanceOf(operator.addr), 0);
        vm.assertEq(token.balanceOf(safe.addr), 1e18);
    }

    function test_1_8_a_claim_that_names_the_coming_payout_is_refused_before_the_change() public {
        uint32 deadline = minutesAhead(24);
        movePayout(operator, safe.addr);
        bytes memory early = claimSignature(1, deadline);
        movePayout(operator, operator.addr);
        changePayout(operator, safe.addr);
        refusedClaim(early, 1, deadline);
        vm.warp(block.timestamp + PAYOUT_WAIT);
        payments.finishPayout(operator.addr);
        payments.claim(operator.addr, 1e6, 1, deadline, early);
        vm.assertEq(token.balanceOf(safe.addr), 1e18);
    }

    function test_1_8_a_change_is_not_replayed_after_its_cancel() public {
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(operator, personalDigest(payments.payoutSentence(thief.addr, 1, deadline)));
        payments.changePayout(operator.addr, thief.addr, 1, deadline, signature);
        cancelPayout(operator);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 1, 1));
        payments.changePayout(operator.addr, thief.addr, 1, deadline, signature);
    }

    function test_1_8_a_withheld_change_expires() public {
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(operator, personalDigest(payments.payoutSentence(thief.addr, 1, deadline)));
        vm.warp(uint256(deadline) * 60 + 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.SentenceExpired.selector, uint256(deadline) * 60));
        payments.changePayout(operator.addr, thief.addr, 1, deadline, signature);
    }

    function test_1_8_a_transfer_or_stake_is_no_payout() public {
        uint32 deadline = minutesAhead(24);
        bytes memory transfer = signed(operator, personalDigest(token.transferSentence(thief.addr, 1, 1, deadline)));
        vm.expectRevert();
        payments.changePayout(operator.addr, thief.addr, 1, deadline, transfer);
        bytes memory change = signed(operator, personalDigest(payments.payoutSentence(thief.addr, 1, deadline)));
        vm.expectRevert();
        payments.cancelPayout(operator.addr, 1, deadline, change);
    }

    /// @dev Stake that comes back goes to the operator's own address, whatever his payout is: a thief who got a payout
    /// through still cannot reach it.
    function test_1_8_a_payout_does_not_move_stake() public {
        stakeEarned(operator, 10e6);
        movePayout(operator, safe.addr);
        unstake(operator, 10e6);
        vm.warp(block.timestamp + UNBONDING);
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(token.balanceOf(operator.addr), 10e18);
        vm.assertEq(token.balanceOf(safe.addr), 0);
    }

    /// @dev A payout of his own choosing does not make self-dealing pay.
    function testFuzz_2_4_self_dealing_through_a_payout_still_loses(uint256 amount) public {
        amount = bound(amount, 1e18, 800e18);
        movePayout(operator, customer.addr);
        uint256 purse = token.balanceOf(customer.addr);
        uint256 before = payments.earningsOf(operator.addr).claimableWei;
        earnByVoucher(amount);
        rewards.finalize(token.currentEpoch() - 1);
        vm.warp(rewards.endOf(token.currentEpoch()));
        claim(operator, uint64((payments.earningsOf(operator.addr).claimableWei) / 1e12));
        vm.assertTrue(token.balanceOf(customer.addr) < purse + before);
    }
}
