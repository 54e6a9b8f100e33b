// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "../src/interfaces/ISentences.sol";
import {IPayments} from "../src/interfaces/IPayments.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IStorageMarket} from "../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../src/libraries/DataSets.sol";
import {Fixture, Wallet} from "./support/Fixture.sol";

/// @dev Random values for what the other suites try with chosen ones.
contract FuzzTest is Fixture {
    function testFuzz_tokens_move_only_with_balance_and_allowance(
        uint256 amount,
        uint256 allowed,
        uint256 taken
    ) public {
        (amount, allowed) = (bound(amount, 0, SUPPLY), bound(allowed, 0, SUPPLY));
        taken = bound(taken, 0, SUPPLY);
        token.transfer(customer.addr, amount);
        vm.prank(customer.addr);
        token.approve(node.addr, allowed);
        vm.prank(node.addr);
        if (taken > allowed || taken > amount) {
            vm.expectRevert();
            token.transferFrom(customer.addr, operator.addr, taken);
            return;
        }
        token.transferFrom(customer.addr, operator.addr, taken);
        vm.assertEq(token.balanceOf(customer.addr), amount - taken);
        vm.assertEq(token.balanceOf(operator.addr), taken);
    }

    function testFuzz_many_vouchers_pay_what_is_new_and_never_more_than_the_lock(
        uint256 locked,
        uint256[4] memory promised,
        uint256 seed
    ) public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        locked = bound(locked, 1, 1e21);
        lock(customer.addr, node.addr, locked);
        IPayments.Voucher[] memory vouchers = new IPayments.Voucher[](4);
        bytes[] memory signatures = new bytes[](4);
        uint256[2] memory highest;
        for (uint256 i; i < 4; ++i) {
            uint256 lane = (seed >> i) & 1;
            promised[i] = bound(promised[i], 0, 1e21);
            (vouchers[i], signatures[i]) = voucherOf(customer, node.addr, bytes32(lane), promised[i]);
            if (promised[i] > highest[lane]) highest[lane] = promised[i];
        }
        payments.redeemMany(vouchers, signatures);
        uint256 owed = highest[0] + highest[1];
        IPayments.Lock memory held = payments.lockOf(customer.addr, node.addr);
        vm.assertEq(held.redeemedWei, owed < locked ? owed : locked);
        vm.assertEq(held.lockedWei + held.redeemedWei, locked);
        payments.redeemMany(vouchers, signatures);
        vm.assertEq(payments.lockOf(customer.addr, node.addr).redeemedWei, held.redeemedWei);
    }

    function testFuzz_revoked_keys_stay_revoked_whoever_they_are(uint256 key, bool boundFirst, uint8 times) public {
        Wallet memory worker = walletOf(uint256(keccak256(abi.encode("worker", key))));
        if (boundFirst) authorize(operator, worker, 0);
        for (uint256 i; i <= times % 3; ++i) revoke(operator, worker.addr);
        IRegistry.Authorization memory again = authorizationOf(operator, worker, 0);
        bytes memory signature = signed(operator, personalDigest(registry.authorizeSentence(again)));
        vm.expectRevert();
        registry.authorize(again, signature);
        vm.expectRevert();
        registry.activeOperator(worker.addr, 0);
    }

    function testFuzz_stake_adds_up_and_slashes_stay_inside_their_limits(
        uint256[3] memory amounts,
        uint256 slashes
    ) public {
        authorize(operator, node, 0);
        uint256 total;
        for (uint256 i; i < 3; ++i) {
            amounts[i] = bound(amounts[i], 1, 1e25);
            token.approve(address(registry), amounts[i]);
            registry.stakeFor(operator.addr, address(market), amounts[i]);
            total += amounts[i];
        }
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), total);
        vm.prank(customer.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, customer.addr));
        registry.slash(node.addr);
        uint256 lost;
        for (uint256 i; i < slashes % 14; ++i) {
            vm.prank(address(market));
            lost += registry.slash(node.addr);
        }
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), total - lost);
        vm.assertLe(lost, total / 10, "at most a tenth in one window");
        vm.assertLe(lost, 100e18, "at most what the sentence risked");
    }

    function testFuzz_stake_leaves_only_when_all_work_has_ended(uint8 begun, uint8 ended) public {
        stake(operator.addr, 10e18);
        uint256 began = bound(begun, 0, 8);
        uint256 over = bound(ended, 0, began);
        vm.startPrank(address(market));
        for (uint256 i; i < began; ++i) registry.workBegan(operator.addr);
        for (uint256 i; i < over; ++i) registry.workEnded(operator.addr);
        vm.stopPrank();
        if (began == over) {
            unstake(operator, 5e6);
            vm.assertEq(registry.stakeOf(operator.addr, address(market)).unbondingWei, 5e18);
            return;
        }
        (bool left, ) = address(this).call(abi.encodeCall(this.unstakeSome, (5e6)));
        vm.assertFalse(left);
    }

    function unstakeSome(uint64 micro) external {
        unstake(operator, micro);
    }

    function testFuzz_seed_is_captured_only_from_the_eighth_block_to_two_hundred_later(uint256 wait) public {
        wait = bound(wait, 0, 400);
        uint256 slot = block.timestamp / SLOT;
        seeds.open(slot);
        uint256 drawBlock = block.number + 8;
        vm.roll(block.number + wait);
        if (block.number > drawBlock) vm.setBlockhash(drawBlock, keccak256("drawn"));
        bool inTime = wait > 8 && wait <= 208;
        if (!inTime) vm.expectRevert();
        seeds.capture(slot);
        vm.assertEq(seeds.capturedAt(slot) != 0 ? 1 : 0, inTime ? 1 : 0);
    }

    /// @dev A random life of a set: proven, missed, settled, dropped at some point, finished. Nothing is lost on the way.
    function testFuzz_every_wei_of_a_set_is_paid_or_returned(uint256 life, uint256 deposit) public {
        deposit = bound(deposit, 1e20, 1e21);
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 4, 8), deposit);
        for (uint256 i; i < 6; ++i) {
            uint256 period = nextPeriod();
            uint256 turn = (life >> (2 * i)) & 3;
            if (turn == 0) prove(period);
            if (turn == 1) market.proveMany(node.addr, period, setProofs(period));
            if (turn == 2) market.settle(customer.addr, node.addr);
        }
        vm.prank(customer.addr);
        market.drop(node.addr);
        vm.expectRevert();
        market.finish(customer.addr, node.addr);
        nextPeriod();
        market.finish(customer.addr, node.addr);
        IPayments.Earnings memory earnings = payments.earningsOf(operator.addr);
        vm.assertEq(
            token.balanceOf(customer.addr) + earnings.earnedWei - earnings.rewardsWei + earnings.feeBurnedWei,
            1e24
        );
        vm.assertTrue(market.dataSet(customer.addr, node.addr).state == DataSets.State.Ended);
    }

    function setProofs(uint256 period) private view returns (IStorageMarket.SetProof[] memory sets) {
        sets = new IStorageMarket.SetProof[](1);
        sets[0] = IStorageMarket.SetProof(customer.addr, proofOf(0, 8, period));
    }
}
