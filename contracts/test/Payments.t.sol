// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../src/interfaces/IPayments.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture} from "./support/Fixture.sol";

contract PaymentsTest is Fixture {
    bytes32 private constant LANE = keccak256("lane");

    function setUp() public override {
        super.setUp();
        authorize(operator, node, 0);
        fund(customer.addr, 1000e18);
    }

    function redeem(uint256 cumulative) private {
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, LANE, cumulative);
        payments.redeem(voucher, signature);
    }

    function test_lock_sets_one_balance_per_node_in_one_transfer() public {
        address[] memory nodes = new address[](2);
        uint256[] memory amounts = new uint256[](2);
        (nodes[0], nodes[1], amounts[0], amounts[1]) = (node.addr, operator.addr, 3e18, 4e18);
        vm.prank(customer.addr);
        payments.lock(nodes, amounts);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).lockedWei, 3e18);
        vm.assertEq(payments.lockOf(customer.addr, operator.addr).lockedWei, 4e18);
        vm.assertEq(token.balanceOf(address(payments)), 7e18);
    }

    function test_lock_refuses_uneven_lists_zero_and_overflow() public {
        vm.expectRevert(abi.encodeWithSelector(IPayments.LengthsDiffer.selector, 1, 0));
        payments.lock(new address[](1), new uint256[](0));
        vm.expectRevert(IPayments.AmountZero.selector);
        payments.lock(new address[](1), new uint256[](1));
        uint256[] memory amounts = new uint256[](1);
        amounts[0] = 1 << 128;
        vm.expectRevert(abi.encodeWithSelector(IPayments.AmountOverflow.selector, 1 << 128));
        payments.lock(new address[](1), amounts);
    }

    function testFuzz_thawed_tokens_return_after_the_wait(uint256 amount, uint256 thawed) public {
        amount = bound(amount, 1, 1000e18);
        thawed = bound(thawed, 1, amount);
        lock(customer.addr, node.addr, amount);
        uint256 before = token.balanceOf(customer.addr);
        vm.startPrank(customer.addr);
        payments.startThaw(node.addr, thawed);
        uint256 endsAt = block.timestamp + THAW;
        vm.warp(endsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.StillThawing.selector, endsAt));
        payments.withdraw(node.addr);
        vm.warp(endsAt);
        payments.withdraw(node.addr);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NothingThawing.selector, customer.addr, node.addr));
        payments.withdraw(node.addr);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(customer.addr), before + thawed);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).lockedWei, amount - thawed);
    }

    function test_thaw_refuses_zero_and_more_than_is_locked() public {
        lock(customer.addr, node.addr, 5);
        vm.startPrank(customer.addr);
        vm.expectRevert(IPayments.AmountZero.selector);
        payments.startThaw(node.addr, 0);
        vm.expectRevert(abi.encodeWithSelector(IPayments.LockTooSmall.selector, 6, 5));
        payments.startThaw(node.addr, 6);
        vm.stopPrank();
    }

    function test_node_redeems_from_thawing_tokens_first_come_first_served() public {
        lock(customer.addr, node.addr, 10e18);
        vm.prank(customer.addr);
        payments.startThaw(node.addr, 10e18);
        redeem(8e18);
        vm.warp(block.timestamp + THAW);
        vm.prank(customer.addr);
        payments.withdraw(node.addr);
        vm.assertEq(token.balanceOf(customer.addr), 992e18);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).lockedWei, 0);
    }

    function testFuzz_voucher_pays_the_difference_and_burns_a_twentieth(uint256 first, uint256 second) public {
        lock(customer.addr, node.addr, 1000e18);
        first = bound(first, 1, 500e18);
        second = bound(second, first + 1, 1000e18);
        redeem(first);
        redeem(second);
        IPayments.Earnings memory earnings = payments.earningsOf(operator.addr);
        vm.assertEq(earnings.earnedWei + earnings.feeBurnedWei, second);
        vm.assertEq(earnings.feeBurnedWei, (second + 19) / 20, "rounded up against the operator");
        vm.assertEq(payments.redeemedOf(customer.addr, node.addr, LANE), second);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).redeemedWei, second);
    }

    function test_voucher_beyond_the_lock_pays_what_is_there_and_the_rest_later() public {
        lock(customer.addr, node.addr, 4e18);
        redeem(10e18);
        vm.assertEq(payments.redeemedOf(customer.addr, node.addr, LANE), 4e18);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, LANE, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IPayments.LockEmpty.selector, customer.addr, node.addr));
        payments.redeem(voucher, signature);
        lock(customer.addr, node.addr, 10e18);
        payments.redeem(voucher, signature);
        vm.assertEq(payments.redeemedOf(customer.addr, node.addr, LANE), 10e18);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).lockedWei, 4e18);
    }

    function test_voucher_refuses_replay_expiry_forgery_and_unknown_nodes() public {
        lock(customer.addr, node.addr, 10e18);
        redeem(1e18);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, LANE, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NothingToRedeem.selector, LANE, 1e18, 1e18));
        payments.redeem(voucher, signature);
        voucher.cumulativeWei = 2e18;
        vm.expectRevert();
        payments.redeem(voucher, signature);
        bytes memory forged = signVoucher(operator, voucher);
        vm.expectRevert(
            abi.encodeWithSelector(IPayments.VoucherSignatureInvalid.selector, customer.addr, operator.addr)
        );
        payments.redeem(voucher, forged);
        vm.warp(voucher.expiry + 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.VoucherExpired.selector, voucher.expiry));
        payments.redeem(voucher, signature);
        lock(customer.addr, operator.addr, 1e18);
        (voucher, signature) = voucherOf(customer, operator.addr, LANE, 1e18);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeUnknown.selector, operator.addr));
        payments.redeem(voucher, signature);
    }

    function test_batches_skip_what_adds_nothing() public {
        lock(customer.addr, node.addr, 10e18);
        redeem(1e18);
        IPayments.Voucher[] memory vouchers = new IPayments.Voucher[](2);
        bytes[] memory signatures = new bytes[](2);
        (vouchers[0], signatures[0]) = voucherOf(customer, node.addr, LANE, 1e18);
        (vouchers[1], signatures[1]) = voucherOf(customer, node.addr, keccak256("other"), 2e18);
        payments.redeemMany(vouchers, signatures);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).redeemedWei, 3e18);
        vm.expectRevert(abi.encodeWithSelector(IPayments.LengthsDiffer.selector, 2, 1));
        payments.redeemMany(vouchers, new bytes[](1));
    }

    function test_escrow_is_for_markets_only() public {
        bytes memory refusal = abi.encodeWithSelector(ISentences.NotAMarket.selector, address(this));
        vm.expectRevert(refusal);
        payments.fundEscrow(customer.addr, LANE, 1);
        vm.expectRevert(refusal);
        payments.payFromEscrow(LANE, operator.addr, node.addr, customer.addr, 1);
        vm.expectRevert(refusal);
        payments.refundEscrow(LANE, customer.addr);
    }

    function testFuzz_escrow_pays_as_far_as_it_goes(uint256 funded, uint256 asked) public {
        (funded, asked) = (bound(funded, 0, 1000e18), bound(asked, 0, 2000e18));
        vm.startPrank(address(market));
        payments.fundEscrow(customer.addr, LANE, funded);
        (uint256 paid, uint256 left) = payments.payFromEscrow(LANE, operator.addr, node.addr, customer.addr, asked);
        vm.assertEq(paid, asked < funded ? asked : funded);
        vm.assertEq(left, funded - paid);
        vm.assertEq(payments.refundEscrow(LANE, customer.addr), left);
        vm.assertEq(payments.refundEscrow(LANE, customer.addr), 0);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(customer.addr), 1000e18 - paid);
    }

    function testFuzz_claim_pays_exactly_the_signed_amount(uint64 micro) public {
        lock(customer.addr, node.addr, 100e18);
        redeem(100e18);
        micro = uint64(bound(micro, 1, 95e6));
        uint256 supply = token.totalSupply();
        claim(operator, micro);
        vm.assertEq(token.balanceOf(operator.addr), uint256(micro) * 1e12);
        vm.assertEq(token.totalSupply(), supply, "what is burned is destroyed with its epoch");
        IPayments.Earnings memory earnings = payments.earningsOf(operator.addr);
        vm.assertEq(earnings.claimedWei, uint256(micro) * 1e12);
        vm.assertEq(earnings.claimableWei, 95e18 - uint256(micro) * 1e12);
    }

    function test_claim_of_more_reverts_with_what_is_available_and_keeps_the_number() public {
        lock(customer.addr, node.addr, 100e18);
        redeem(100e18);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(
            operator,
            personalDigest(payments.claimSentence(operator.addr, 95e6 + 1, 1, deadline))
        );
        vm.expectRevert(abi.encodeWithSelector(IPayments.Available.selector, 95e18));
        payments.claim(operator.addr, 95e6 + 1, 1, deadline, signature);
        claim(operator, 95e6);
    }

    function test_claim_refuses_zero_and_overlong_amounts() public {
        vm.startPrank(operator.addr);
        uint32 deadline = minutesAhead(24);
        vm.expectRevert(IPayments.AmountZero.selector);
        payments.claim(operator.addr, 0, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        payments.claim(operator.addr, 1e13, 1, deadline, "");
        vm.stopPrank();
    }
}
