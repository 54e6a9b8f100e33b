// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../src/interfaces/IPayments.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture, Wallet} from "./support/Fixture.sol";

contract PayoutsTest is Fixture {
    Wallet private safe;

    function setUp() public override {
        super.setUp();
        authorize(operator, node, 0);
        fund(customer.addr, 1000e18);
        safe = walletOf(70);
    }

    function test_claims_go_to_the_operator_himself_at_first() public {
        vm.assertEq(payments.payoutOf(operator.addr), operator.addr);
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, address(0));
        earnByVoucher(100e18);
        claim(operator, 1e6);
        vm.assertEq(token.balanceOf(operator.addr), 1e18);
    }

    function testFuzz_a_change_waits_and_then_claims_go_there(uint256 early, address anyone) public {
        earnByVoucher(100e18);
        changePayout(operator, safe.addr);
        uint256 effectiveAt = block.timestamp + PAYOUT_WAIT;
        IPayments.PayoutChange memory change = payments.payoutChangeOf(operator.addr);
        vm.assertEq(change.to, safe.addr);
        vm.assertEq(change.effectiveAt, effectiveAt);
        vm.warp(bound(early, block.timestamp, effectiveAt - 1));
        vm.expectRevert(abi.encodeWithSelector(IPayments.PayoutWaiting.selector, effectiveAt));
        payments.finishPayout(operator.addr);
        claim(operator, 1e6);
        vm.assertEq(token.balanceOf(operator.addr), 1e18);
        vm.warp(effectiveAt);
        vm.prank(anyone);
        payments.finishPayout(operator.addr);
        vm.assertEq(payments.payoutOf(operator.addr), safe.addr);
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, address(0));
        claim(operator, 2e6);
        vm.assertEq(token.balanceOf(operator.addr), 1e18);
        vm.assertEq(token.balanceOf(safe.addr), 2e18);
        vm.assertEq(payments.earningsOf(operator.addr).claimedWei, 3e18);
    }

    function test_each_step_is_announced() public {
        uint32 deadline = minutesAhead(24);
        vm.startPrank(operator.addr);
        vm.expectEmit();
        emit IPayments.PayoutAnnounced(operator.addr, safe.addr, block.timestamp + PAYOUT_WAIT, 1);
        payments.changePayout(operator.addr, safe.addr, 1, deadline, "");
        vm.expectEmit();
        emit IPayments.PayoutCancelled(operator.addr, safe.addr, 1);
        payments.cancelPayout(operator.addr, 1, deadline, "");
        payments.changePayout(operator.addr, safe.addr, 2, deadline, "");
        vm.stopPrank();
        vm.warp(block.timestamp + PAYOUT_WAIT);
        vm.expectEmit();
        emit IPayments.PayoutChanged(operator.addr, safe.addr);
        payments.finishPayout(operator.addr);
    }

    function testFuzz_a_second_change_replaces_the_first_and_waits_anew(
        address first,
        address second,
        uint256 later
    ) public {
        vm.assume(isPlain(first) && isPlain(second));
        later = bound(later, 0, 10 * PAYOUT_WAIT);
        changePayout(operator, first);
        vm.warp(block.timestamp + later);
        changePayout(operator, second);
        uint256 effectiveAt = block.timestamp + PAYOUT_WAIT;
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, second);
        vm.warp(effectiveAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.PayoutWaiting.selector, effectiveAt));
        payments.finishPayout(operator.addr);
        vm.warp(effectiveAt);
        payments.finishPayout(operator.addr);
        vm.assertEq(payments.payoutOf(operator.addr), second);
        movePayout(operator, operator.addr);
        vm.assertEq(payments.payoutOf(operator.addr), operator.addr);
    }

    function testFuzz_a_change_is_cancelled_as_long_as_nobody_finished_it(uint256 later) public {
        changePayout(operator, safe.addr);
        vm.warp(block.timestamp + bound(later, 0, 10 * PAYOUT_WAIT));
        cancelPayout(operator);
        vm.assertEq(payments.payoutChangeOf(operator.addr).to, address(0));
        vm.warp(block.timestamp + PAYOUT_WAIT);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NoPayoutChange.selector, operator.addr));
        payments.finishPayout(operator.addr);
        vm.assertEq(payments.payoutOf(operator.addr), operator.addr);
    }

    function test_cancelling_or_finishing_nothing_is_refused() public {
        uint32 deadline = minutesAhead(24);
        bytes memory refusal = abi.encodeWithSelector(IPayments.NoPayoutChange.selector, operator.addr);
        vm.expectRevert(refusal);
        payments.cancelPayout(operator.addr, 1, deadline, "");
        vm.expectRevert(refusal);
        payments.finishPayout(operator.addr);
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.CancelPayout), 0);
    }

    function test_nobody_and_the_contracts_are_no_payout() public {
        address[7] memory refused = [
            address(0),
            address(payments),
            address(token),
            address(rewards),
            address(registry),
            address(market),
            address(repairFund)
        ];
        uint32 deadline = minutesAhead(24);
        vm.startPrank(operator.addr);
        for (uint256 i; i < refused.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IPayments.PayoutRefused.selector, refused[i]));
            payments.changePayout(operator.addr, refused[i], 1, deadline, "");
        }
        vm.stopPrank();
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.Payout), 0);
    }

    function test_numbers_of_each_kind_count_apart() public {
        earnByVoucher(100e18);
        changePayout(operator, safe.addr);
        cancelPayout(operator);
        movePayout(operator, safe.addr);
        claim(operator, 1);
        stakeEarned(operator, 1);
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.Payout), 2);
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.CancelPayout), 1);
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.Claim), 1);
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.Stake), 1);
        vm.assertEq(payments.payoutOf(operator.addr), safe.addr);
    }

    /// @dev Amount, roles, number and payout share a word: none may run into another.
    function testFuzz_the_word_of_an_operator_keeps_its_parts_apart(address to, uint64 first, uint64 staked) public {
        vm.assume(isPlain(to) && token.balanceOf(to) == 0);
        earnByVoucher(900e18);
        (first, staked) = (uint64(bound(first, 1, 400e6)), uint64(bound(staked, 1, 400e6)));
        claim(operator, first);
        movePayout(operator, to);
        stakeEarned(operator, staked);
        claim(operator, 1e6);
        vm.assertEq(payments.payoutOf(operator.addr), to);
        vm.assertEq(payments.lastNumber(operator.addr, ISentences.Kind.Claim), 2);
        IPayments.Earnings memory earnings = payments.earningsOf(operator.addr);
        vm.assertEq(earnings.claimedWei, uint256(first) * 1e12 + 1e18);
        vm.assertEq(earnings.movedToStakeWei, uint256(staked) * 1e12);
        vm.assertEq(earnings.earnedWei, earnings.claimedWei + earnings.movedToStakeWei + earnings.claimableWei);
        vm.assertEq(token.balanceOf(to), 1e18);
    }

    function isPlain(address to) private view returns (bool) {
        bool ours = to == address(payments) || to == address(token) || to == address(rewards);
        bool markets = to == address(registry) || to == address(market) || to == address(repairFund);
        return to != address(0) && !ours && !markets;
    }
}
