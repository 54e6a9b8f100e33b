// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {ISentences} from "../../src/interfaces/ISentences.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Base.sol";

/// @notice The attacks of PROTOCOL 3: getting out of the way of a slash, and making money of one.
contract StakeAttacks is Fixture {
    Wallet private thief;

    function setUp() public override {
        super.setUp();
        thief = walletOf(666);
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        stake(operator.addr, 1000e18);
    }

    function provision() private view returns (uint256) {
        return registry.provisionOf(operator.addr, address(market));
    }

    function slashAsMarket() private returns (uint256) {
        vm.prank(address(market));
        return registry.slash(node.addr);
    }

    /// @dev The period that runs ends without a proof.
    function missPeriod() private {
        nextPeriod();
        market.settle(customer.addr, node.addr);
    }

    function stakeSignature(Wallet memory signer, uint64 micro) private view returns (uint32 deadline, bytes memory) {
        deadline = minutesAhead(24);
        string memory text = payments.stakeSentence(operator.addr, address(market), micro, 1, deadline);
        return (deadline, signed(signer, personalDigest(text)));
    }

    function test_1_9_a_stolen_role_key_cannot_put_its_operators_earnings_at_risk() public {
        earnByVoucher(100e18);
        (uint32 deadline, bytes memory signature) = stakeSignature(node, 1e6);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, node.addr));
        payments.stake(operator.addr, address(market), 1e6, 1, deadline, signature);
        vm.prank(node.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, node.addr));
        payments.stake(operator.addr, address(market), 1e6, 1, deadline, "");
        slashAsMarket();
        vm.assertEq(payments.earningsOf(operator.addr).claimableWei, 95e18);
    }

    function test_1_9_whoever_submits_a_stake_changes_nothing_in_it() public {
        earnByVoucher(100e18);
        (uint32 deadline, bytes memory signature) = stakeSignature(operator, 5e6);
        vm.startPrank(thief.addr);
        vm.expectRevert();
        payments.stake(operator.addr, address(market), 6e6, 1, deadline, signature);
        vm.expectRevert();
        payments.stake(thief.addr, address(market), 5e6, 1, deadline, signature);
        payments.stake(operator.addr, address(market), 5e6, 1, deadline, signature);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 1, 1));
        payments.stake(operator.addr, address(market), 5e6, 1, deadline, signature);
        vm.stopPrank();
        vm.assertEq(provision(), 1005e18);
    }

    function test_1_9_a_claim_is_no_stake_and_a_stake_no_claim() public {
        earnByVoucher(100e18);
        (uint32 deadline, bytes memory signature) = stakeSignature(operator, 5e6);
        vm.expectRevert();
        payments.claim(operator.addr, 5e6, 1, deadline, signature);
        vm.expectRevert();
        registry.unstake(operator.addr, address(market), 5e6, 1, deadline, signature);
        string memory text = payments.claimSentence(operator.addr, 5e6, 1, deadline);
        bytes memory claimed = signed(operator, personalDigest(text));
        vm.expectRevert();
        payments.stake(operator.addr, address(market), 5e6, 1, deadline, claimed);
    }

    function test_1_9_staking_needs_no_permit_and_leaves_no_allowance_behind() public {
        earnByVoucher(100e18);
        stakeEarned(operator, 95e6);
        vm.assertEq(token.allowance(operator.addr, address(payments)), 0);
        vm.assertEq(token.allowance(operator.addr, address(registry)), 0);
        vm.assertEq(token.allowance(address(payments), address(registry)), 0);
        vm.assertEq(provision(), 1095e18);
    }

    function test_1_9_what_is_staked_cannot_be_claimed_or_staked_again() public {
        earnByVoucher(100e18);
        stakeEarned(operator, 90e6);
        vm.startPrank(operator.addr);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Available.selector, 5e18));
        payments.claim(operator.addr, 6e6, 1, minutesAhead(1), "");
        vm.expectRevert(abi.encodeWithSelector(IPayments.Available.selector, 5e18));
        payments.stake(operator.addr, address(market), 6e6, 2, minutesAhead(1), "");
        vm.stopPrank();
    }

    function test_3_1_two_faults_cost_only_their_pay_and_the_third_one_percent() public {
        addPieces(piecesOf(0, 10, 8), 1e20);
        nextPeriod();
        missPeriod();
        missPeriod();
        vm.assertEq(market.dataSet(customer.addr, node.addr).faults, 2);
        vm.assertEq(provision(), 1000e18);
        missPeriod();
        vm.assertEq(provision(), 990e18);
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, 0);
    }

    function test_3_1_a_thousand_faults_in_a_window_take_under_a_tenth() public {
        uint256 supply = token.totalSupply();
        for (uint256 i; i < 1000; ++i) slashAsMarket();
        vm.assertTrue(provision() > 900e18);
        vm.assertEq(token.totalSupply(), supply - (1000e18 - provision()));
    }

    function test_3_1_stake_is_opted_into_market_by_market() public {
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, address(payments)));
        registry.stakeFor(operator.addr, address(payments), 1e18);
        uint256 before = payments.earningsOf(operator.addr).claimableWei;
        slashAsMarket();
        vm.assertEq(payments.earningsOf(operator.addr).claimableWei, before);
    }

    function test_3_1_nobody_but_the_operator_gets_stake_back_whoever_paid_it() public {
        vm.startPrank(thief.addr);
        uint32 deadline = minutesAhead(1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, thief.addr));
        registry.unstake(operator.addr, address(market), 1e6, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ProvisionTooSmall.selector, 1e18, 0));
        registry.unstake(thief.addr, address(market), 1e6, 1, deadline, "");
        vm.stopPrank();
        unstake(operator, 1000e6);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(thief.addr);
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(token.balanceOf(operator.addr), 1000e18);
        vm.assertEq(token.balanceOf(thief.addr), 0);
    }

    function test_3_2_provider_cannot_unbond_while_he_holds_a_customers_set() public {
        addPieces(piecesOf(0, 10, 8), 1e20);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WorkOpen.selector, 1));
        this.unstakeAll();
        prove(nextPeriod());
        vm.prank(customer.addr);
        market.drop(node.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WorkOpen.selector, 1));
        this.unstakeAll();
        nextPeriod();
        market.finish(customer.addr, node.addr);
        unstake(operator, 1000e6);
    }

    function unstakeAll() external {
        unstake(operator, 1000e6);
    }

    function test_3_2_provider_cannot_thaw_first_and_take_work_then() public {
        unstake(operator, 1000e6);
        vm.warp(block.timestamp + UNBONDING);
        // Everything could be withdrawn now; with the work that he accepts instead, nothing can.
        addPieces(piecesOf(0, 10, 8), 1e20);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NothingUnbonding.selector, operator.addr, address(market)));
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(provision(), 1000e18);
    }

    function test_3_2_thawing_stake_is_slashed_like_any_other() public {
        unstake(operator, 1000e6);
        vm.warp(block.timestamp + UNBONDING - 1);
        vm.assertEq(slashAsMarket(), 10e18);
        vm.warp(block.timestamp + 1);
        vm.assertEq(slashAsMarket(), 9.9e18);
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(token.balanceOf(operator.addr), 980.1e18);
        vm.assertEq(provision(), 0);
    }

    function test_3_2_a_slash_is_counted_from_all_of_it_however_much_thaws() public {
        unstake(operator, 999e6);
        vm.assertEq(slashAsMarket(), 10e18);
        vm.warp(block.timestamp + UNBONDING);
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(token.balanceOf(operator.addr), 990e18);
    }

    function test_3_2_the_last_fault_is_booked_before_a_set_ends() public {
        addPieces(piecesOf(0, 10, 8), 1e20);
        nextPeriod();
        missPeriod();
        missPeriod();
        vm.prank(customer.addr);
        market.drop(node.addr);
        // The last period went unproven, and the next one's seed is not there yet: ending now would forget the fault.
        uint256 last = openNextPeriod() - 1;
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.StillOwed.selector, last));
        market.finish(customer.addr, node.addr);
        capture(last + 1);
        market.finish(customer.addr, node.addr);
        vm.assertEq(provision(), 990e18);
    }

    function test_3_2_a_revoked_key_cannot_begin_work_to_hold_stake_back() public {
        unstake(operator, 1000e6);
        revoke(operator, node.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, node.addr));
        this.begin();
        vm.warp(block.timestamp + UNBONDING);
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(token.balanceOf(operator.addr), 1000e18);
    }

    function begin() external {
        addPieces(piecesOf(0, 10, 8), 1e20);
    }
}
