// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "../../src/interfaces/ISentences.sol";
import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Base.sol";

/// @notice One test per attack of PROTOCOL 2 and 3 that these contracts can meet.
contract MoneyAttacks is Fixture {
    Wallet private sybil;

    function setUp() public override {
        super.setUp();
        authorize(operator, node, 0);
        sybil = walletOf(50);
        authorize(walletOf(51), sybil, 0);
        fund(customer.addr, 1000e18);
    }

    function test_2_1_customer_cannot_drain_a_nodes_lock_through_his_own_sybil() public {
        lock(customer.addr, node.addr, 10e18);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, sybil.addr, 0, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IPayments.LockEmpty.selector, customer.addr, sybil.addr));
        payments.redeem(voucher, signature);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).lockedWei, 10e18);
    }

    function test_2_1_customer_cannot_take_a_lock_back_before_the_thaw() public {
        lock(customer.addr, node.addr, 10e18);
        vm.startPrank(customer.addr);
        payments.startThaw(node.addr, 10e18);
        vm.warp(block.timestamp + THAW - 1);
        vm.expectRevert();
        payments.withdraw(node.addr);
        vm.stopPrank();
    }

    function test_2_1_restarting_a_thaw_restarts_its_clock() public {
        lock(customer.addr, node.addr, 10e18);
        vm.startPrank(customer.addr);
        payments.startThaw(node.addr, 1);
        vm.warp(block.timestamp + THAW);
        payments.startThaw(node.addr, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IPayments.StillThawing.selector, block.timestamp + THAW));
        payments.withdraw(node.addr);
        vm.stopPrank();
    }

    function test_2_2_two_processes_of_a_customer_do_not_overwrite_each_other() public {
        lock(customer.addr, node.addr, 10e18);
        (IPayments.Voucher memory a, bytes memory signatureA) = voucherOf(customer, node.addr, bytes32("a"), 3e18);
        (IPayments.Voucher memory b, bytes memory signatureB) = voucherOf(customer, node.addr, bytes32("b"), 2e18);
        payments.redeem(a, signatureA);
        payments.redeem(b, signatureB);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).redeemedWei, 5e18);
    }

    function test_2_2_voucher_of_another_chain_or_contract_is_worthless() public {
        lock(customer.addr, node.addr, 10e18);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, 0, 1e18);
        vm.chainId(block.chainid + 1);
        vm.expectRevert();
        payments.redeem(voucher, signature);
    }

    function test_2_2_nobody_signs_for_the_zero_account() public {
        IPayments.Voucher memory voucher = IPayments.Voucher(
            address(0),
            node.addr,
            0,
            1e18,
            uint64(block.timestamp + 60)
        );
        lock(customer.addr, node.addr, 1e18);
        address[] memory nodes = new address[](1);
        nodes[0] = node.addr;
        vm.expectRevert(abi.encodeWithSelector(IPayments.LockEmpty.selector, address(0), node.addr));
        payments.redeem(voucher, new bytes(65));
    }

    function test_2_2_vouchers_from_before_a_revocation_still_pay_the_old_operator() public {
        lock(customer.addr, node.addr, 10e18);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, 0, 10e18);
        revoke(operator, node.addr);
        payments.redeem(voucher, signature);
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, 9.5e18);
    }

    function test_2_3_only_the_fixed_market_touches_escrow() public {
        address[3] memory others = [operator.addr, customer.addr, address(registry)];
        for (uint256 i; i < 3; ++i) {
            vm.startPrank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, others[i]));
            payments.fundEscrow(customer.addr, 0, 1e18);
            vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, others[i]));
            payments.payFromEscrow(0, others[i], node.addr, customer.addr, 1);
            vm.stopPrank();
        }
    }

    function test_2_3_top_up_takes_the_tokens_of_its_caller_only() public {
        addPieces(piecesOf(0, 1, 8), 1e20);
        vm.prank(sybil.addr);
        vm.expectRevert();
        market.topUp(customer.addr, node.addr, 1e18);
    }

    function testFuzz_2_4_paying_oneself_always_loses_the_burn(uint256 amount) public {
        amount = bound(amount, 1, 100e18);
        lock(customer.addr, node.addr, amount);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, 0, amount);
        payments.redeem(voucher, signature);
        vm.assertTrue(payments.earningsOf(operator.addr).earnedWei < amount);
        vm.assertTrue(payments.earningsOf(operator.addr).feeBurnedWei * 20 >= amount);
    }

    function test_2_4_splitting_a_payment_into_dust_burns_no_less() public {
        lock(customer.addr, node.addr, 10);
        for (uint256 i = 1; i <= 10; ++i) {
            (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, 0, i);
            payments.redeem(voucher, signature);
        }
        vm.assertEq(payments.earningsOf(operator.addr).feeBurnedWei, 1);
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, 9);
    }

    function test_3_1_nobody_receives_a_slash() public {
        stake(operator.addr, 100e18);
        uint256 supply = token.totalSupply();
        uint256 others = token.balanceOf(customer.addr) + token.balanceOf(address(market)) + token.balanceOf(node.addr);
        vm.prank(address(market));
        uint256 slashed = registry.slash(node.addr);
        vm.assertEq(token.totalSupply(), supply - slashed);
        uint256 after_ = token.balanceOf(customer.addr) + token.balanceOf(address(market)) + token.balanceOf(node.addr);
        vm.assertEq(after_, others);
    }

    function test_3_1_ten_slashes_at_a_windows_edge_block_the_eleventh() public {
        stake(operator.addr, 1000e18);
        vm.startPrank(address(market));
        for (uint256 i; i < 5; ++i) registry.slash(node.addr);
        vm.warp(block.timestamp + WINDOW - 1);
        for (uint256 i; i < 5; ++i) registry.slash(node.addr);
        vm.assertEq(registry.slash(node.addr), 0);
        vm.warp(block.timestamp + 1);
        vm.assertTrue(registry.slash(node.addr) > 0);
        vm.stopPrank();
        vm.assertTrue(registry.provisionOf(operator.addr, address(market)) > 890e18);
    }
}
