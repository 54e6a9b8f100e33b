// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Stewardship} from "../src/Stewardship.sol";
import {IStewardship} from "../src/interfaces/IStewardship.sol";
import {Fixture} from "./support/Fixture.sol";

contract StewardshipTest is Fixture {
    address private stranger;
    address private next;

    function setUp() public override {
        super.setUp();
        stranger = walletOf(777).addr;
        next = walletOf(778).addr;
    }

    function asAdmin() private {
        vm.prank(admin.addr);
    }

    function test_a_deployment_names_its_powers() public {
        vm.assertEq(stewardship.admin(), admin.addr);
        vm.assertEq(stewardship.guard(), guard.addr);
        vm.assertEq(stewardship.noticeSeconds(), NOTICE);
        vm.assertTrue(stewardship.newWorkAllowed());
        vm.expectRevert(IStewardship.AddressMissing.selector);
        new Stewardship(address(0), guard.addr, address(0), NOTICE);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.RolesNotApart.selector, admin.addr));
        new Stewardship(admin.addr, admin.addr, address(0), NOTICE);
    }

    function testFuzz_admin_only(address caller, address value) public {
        vm.assume(caller != admin.addr);
        vm.startPrank(caller);
        bytes memory refusal = abi.encodeWithSelector(IStewardship.NotAdmin.selector, caller);
        vm.expectRevert(refusal);
        stewardship.proposeAdmin(value);
        vm.expectRevert(refusal);
        stewardship.setGuard(value);
        vm.expectRevert(refusal);
        stewardship.nameSuccessor(value);
        vm.expectRevert(refusal);
        stewardship.proposeMinter(value);
        vm.expectRevert(refusal);
        stewardship.cancelMinter();
        vm.stopPrank();
    }

    function testFuzz_guard_only(address caller) public {
        vm.assume(caller != guard.addr);
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.NotGuard.selector, caller));
        stewardship.pauseNewWork();
        vm.expectRevert(abi.encodeWithSelector(IStewardship.NotGuard.selector, caller));
        stewardship.resumeNewWork();
        vm.stopPrank();
    }

    function testFuzz_the_admin_hands_over_in_two_steps(address proposed) public {
        vm.assume(proposed != guard.addr && proposed != address(0));
        asAdmin();
        stewardship.proposeAdmin(proposed);
        vm.assertEq(stewardship.admin(), admin.addr);
        vm.assertEq(stewardship.proposedAdmin(), proposed);
        if (proposed != stranger) {
            vm.prank(stranger);
            vm.expectRevert(abi.encodeWithSelector(IStewardship.NotProposedAdmin.selector, stranger));
            stewardship.acceptAdmin();
        }
        vm.prank(proposed);
        stewardship.acceptAdmin();
        vm.assertEq(stewardship.admin(), proposed);
        vm.assertEq(stewardship.proposedAdmin(), address(0));
    }

    function test_an_offer_can_be_withdrawn() public {
        asAdmin();
        stewardship.proposeAdmin(next);
        asAdmin();
        stewardship.proposeAdmin(address(0));
        vm.prank(next);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.NotProposedAdmin.selector, next));
        stewardship.acceptAdmin();
    }

    function test_admin_and_guard_are_never_one() public {
        asAdmin();
        vm.expectRevert(abi.encodeWithSelector(IStewardship.RolesNotApart.selector, admin.addr));
        stewardship.setGuard(admin.addr);
        asAdmin();
        stewardship.proposeAdmin(guard.addr);
        vm.prank(guard.addr);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.RolesNotApart.selector, guard.addr));
        stewardship.acceptAdmin();
    }

    function testFuzz_the_guard_is_appointed_at_once(address appointed) public {
        vm.assume(appointed != admin.addr);
        asAdmin();
        stewardship.setGuard(appointed);
        vm.assertEq(stewardship.guard(), appointed);
        vm.prank(appointed);
        stewardship.pauseNewWork();
        vm.assertTrue(stewardship.paused());
    }

    function test_a_pause_begins_and_ends_once() public {
        vm.startPrank(guard.addr);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.PauseUnchanged.selector, false));
        stewardship.resumeNewWork();
        stewardship.pauseNewWork();
        vm.assertFalse(stewardship.newWorkAllowed());
        vm.expectRevert(abi.encodeWithSelector(IStewardship.PauseUnchanged.selector, true));
        stewardship.pauseNewWork();
        stewardship.resumeNewWork();
        vm.assertTrue(stewardship.newWorkAllowed());
        vm.stopPrank();
    }

    function testFuzz_a_successor_takes_over_after_its_notice(address named, uint256 waited) public {
        vm.assume(named != address(0));
        waited = bound(waited, 0, 2 * NOTICE);
        asAdmin();
        stewardship.nameSuccessor(named);
        (address found, uint256 effectiveAt) = stewardship.successor();
        vm.assertEq(found, named);
        vm.assertEq(effectiveAt, block.timestamp + NOTICE);
        vm.warp(block.timestamp + waited);
        vm.assertTrue(stewardship.newWorkAllowed() == (waited < NOTICE));
    }

    function test_a_successor_is_named_once_and_is_somebody() public {
        vm.startPrank(admin.addr);
        vm.expectRevert(IStewardship.AddressMissing.selector);
        stewardship.nameSuccessor(address(0));
        stewardship.nameSuccessor(next);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.SuccessorNamedAlready.selector, next));
        stewardship.nameSuccessor(stranger);
        vm.stopPrank();
    }

    function testFuzz_a_minter_changes_after_its_notice(address proposed, uint256 waited) public {
        vm.assume(proposed != address(0));
        waited = bound(waited, 0, 2 * NOTICE);
        asAdmin();
        stewardship.proposeMinter(proposed);
        (address found, uint256 effectiveAt) = stewardship.proposedMinter();
        vm.assertEq(found, proposed);
        vm.warp(block.timestamp + waited);
        if (waited < NOTICE) {
            vm.expectRevert(abi.encodeWithSelector(IStewardship.NoticeRunning.selector, effectiveAt));
            stewardship.completeMinter();
            vm.assertEq(stewardship.minter(), address(rewards));
            return;
        }
        vm.prank(stranger);
        stewardship.completeMinter();
        vm.assertEq(stewardship.minter(), proposed);
        vm.expectRevert(IStewardship.MinterNotProposed.selector);
        stewardship.completeMinter();
    }

    function test_a_proposed_minter_can_be_cancelled_but_not_swapped() public {
        vm.startPrank(admin.addr);
        vm.expectRevert(IStewardship.AddressMissing.selector);
        stewardship.proposeMinter(address(0));
        vm.expectRevert(IStewardship.MinterNotProposed.selector);
        stewardship.cancelMinter();
        stewardship.proposeMinter(next);
        vm.expectRevert(abi.encodeWithSelector(IStewardship.MinterProposedAlready.selector, next));
        stewardship.proposeMinter(stranger);
        stewardship.cancelMinter();
        stewardship.proposeMinter(stranger);
        (, uint256 effectiveAt) = stewardship.proposedMinter();
        vm.assertEq(effectiveAt, block.timestamp + NOTICE);
        vm.stopPrank();
    }
}
