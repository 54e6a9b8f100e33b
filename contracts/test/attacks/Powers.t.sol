// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "../../src/interfaces/ISentences.sol";
import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {IStewardship} from "../../src/interfaces/IStewardship.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Base.sol";

/// @notice The attacks of PROTOCOL 2.7: what each power can do when its key is in the wrong hands.
contract PowersAttacks is Fixture {
    Wallet private thief;

    function setUp() public override {
        super.setUp();
        thief = walletOf(666);
        prove(startSet());
        lock(customer.addr, node.addr, 10e18);
        stake(operator.addr, 100e18);
    }

    /// @dev Everything that somebody other than the thief owns or is owed.
    function everybodysTokens() private view returns (uint256) {
        uint256 kept =
            payments.earningsOf(operator.addr).claimableWei + payments.lockOf(customer.addr, node.addr).lockedWei;
        kept +=
            market.dataSet(customer.addr, node.addr).escrowWei + registry.provisionOf(operator.addr, address(market));
        return kept + token.balanceOf(customer.addr) + token.balanceOf(operator.addr) + token.balanceOf(address(this));
    }

    function useEveryPowerOf(Wallet memory key) private {
        vm.startPrank(key.addr);
        if (key.addr == guard.addr) return stopAfter(stewardship.pauseNewWork);
        stewardship.setGuard(walletOf(667).addr);
        stewardship.nameSuccessor(thief.addr);
        stewardship.proposeMinter(thief.addr);
        stewardship.proposeAdmin(thief.addr);
        vm.stopPrank();
        vm.startPrank(thief.addr);
        stewardship.acceptAdmin();
        vm.warp(block.timestamp + NOTICE);
        stewardship.completeMinter();
        vm.stopPrank();
    }

    function stopAfter(function() external act) private {
        act();
        vm.stopPrank();
    }

    /// @dev What would take tokens if a power reached into the other contracts.
    function tryToTakeAs(address caller) private {
        bytes32 setId = market.setIdOf(customer.addr, node.addr);
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, caller));
        payments.payFromEscrow(setId, caller, node.addr, customer.addr, 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, caller));
        payments.refundEscrow(setId, caller);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, caller));
        registry.slash(node.addr);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NothingThawing.selector, caller, node.addr));
        payments.withdraw(node.addr);
        vm.expectRevert();
        token.transferFrom(customer.addr, caller, 1);
        vm.expectRevert();
        payments.claim(operator.addr, 1, 1, minutesAhead(1), "");
        vm.stopPrank();
    }

    function takesNothing(Wallet memory key) private {
        uint256 before = everybodysTokens();
        useEveryPowerOf(key);
        tryToTakeAs(key.addr);
        tryToTakeAs(thief.addr);
        vm.assertEq(everybodysTokens(), before);
        vm.assertEq(token.balanceOf(thief.addr) + token.balanceOf(key.addr), 0);
        vm.assertEq(token.totalSupply(), SUPPLY);
    }

    function test_2_7_a_stolen_admin_key_takes_nothing() public {
        takesNothing(admin);
    }

    function test_2_7_a_stolen_guard_key_takes_nothing() public {
        takesNothing(guard);
    }

    function test_2_7_a_stolen_guard_key_is_replaced_at_once() public {
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        vm.prank(admin.addr);
        stewardship.setGuard(walletOf(5).addr);
        vm.prank(guard.addr);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.NotGuard.selector, guard.addr));
        stewardship.pauseNewWork();
        vm.prank(walletOf(5).addr);
        stewardship.resumeNewWork();
        vm.assertTrue(stewardship.newWorkAllowed());
    }

    function newWorkIsRefused() private {
        IRegistry.Authorization memory authorization = authorizationOf(walletOf(80), walletOf(81), 0);
        vm.expectRevert(IRegistry.NewWorkStopped.selector);
        registry.authorize(authorization, "");
        vm.expectRevert(IRegistry.NewWorkStopped.selector);
        this.addMore();
    }

    function addMore() external {
        addPieces(piecesOf(10, 1, 8), 1e20);
    }

    /// @dev Proof, payment, claim, thaw and the end of a set, all while new work is stopped.
    function everythingElseGoesOn() private {
        prove(nextPeriod());
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, 0, 1e18);
        payments.redeem(voucher, signature);
        claim(operator, uint64(payments.earningsOf(operator.addr).claimableWei / 1e12));
        vm.startPrank(customer.addr);
        payments.startThaw(node.addr, 9e18);
        vm.warp(block.timestamp + THAW);
        payments.withdraw(node.addr);
        market.drop(node.addr);
        vm.stopPrank();
        nextPeriod();
        market.finish(customer.addr, node.addr);
        revoke(operator, node.addr);
        vm.assertEq(payments.escrowOf(address(market), market.setIdOf(customer.addr, node.addr)), 0);
        uint64 left = uint64(payments.earningsOf(operator.addr).claimableWei / 1e12);
        if (left != 0) claim(operator, left);
        vm.assertTrue(payments.earningsOf(operator.addr).claimableWei < 1e12);
    }

    function test_2_7_a_pause_stops_new_work_and_nothing_else() public {
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        newWorkIsRefused();
        everythingElseGoesOn();
    }

    function test_2_7_after_the_successors_notice_all_exits_stay_open_for_ever() public {
        vm.prank(admin.addr);
        stewardship.nameSuccessor(walletOf(90).addr);
        this.addMore();
        vm.warp(block.timestamp + NOTICE);
        newWorkIsRefused();
        vm.warp(block.timestamp + 3650 days);
        everythingElseGoesOn();
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        vm.prank(guard.addr);
        stewardship.resumeNewWork();
        newWorkIsRefused();
    }

    function test_2_7_nobody_moves_anothers_funds_to_the_successor() public {
        address successor = walletOf(90).addr;
        vm.prank(admin.addr);
        stewardship.nameSuccessor(successor);
        vm.warp(block.timestamp + NOTICE);
        uint256 before = everybodysTokens();
        tryToTakeAs(successor);
        tryToTakeAs(admin.addr);
        vm.assertEq(everybodysTokens(), before);
        vm.assertEq(token.balanceOf(successor), 0);
    }

    function test_2_7_the_notice_of_one_minter_does_not_serve_another() public {
        vm.startPrank(admin.addr);
        stewardship.proposeMinter(walletOf(91).addr);
        vm.warp(block.timestamp + NOTICE - 1);
        stewardship.cancelMinter();
        stewardship.proposeMinter(thief.addr);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.NoticeRunning.selector, block.timestamp + NOTICE - 1));
        stewardship.completeMinter();
        vm.stopPrank();
        vm.assertEq(stewardship.minter(), address(rewards));
    }
}
