// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../src/interfaces/IPayments.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture} from "./support/Fixture.sol";

contract ProvisionsTest is Fixture {
    function setUp() public override {
        super.setUp();
        authorize(operator, node, 0);
    }

    function record() private view returns (IRegistry.Provision memory) {
        return registry.stakeOf(operator.addr, address(market));
    }

    function unstakeRaw(address marketAt, uint64 micro, uint32 number) private {
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(
            operator,
            personalDigest(registry.unstakeSentence(operator.addr, address(market), micro, number, deadline))
        );
        registry.unstake(operator.addr, marketAt, micro, number, deadline, signature);
    }

    function testFuzz_stake_goes_back_to_the_operator_after_the_unbonding(uint256 staked, uint64 micro) public {
        staked = bound(staked, 1e12, 1e25);
        micro = uint64(bound(micro, 1, staked / 1e12));
        stake(operator.addr, staked);
        unstake(operator, micro);
        IRegistry.Provision memory provision = record();
        vm.assertEq(provision.stakedWei, staked);
        vm.assertEq(provision.unbondingWei, uint256(micro) * 1e12);
        vm.assertEq(provision.unbondingEndsAt, block.timestamp + UNBONDING);
        vm.warp(provision.unbondingEndsAt);
        registry.withdrawStake(operator.addr, address(market));
        vm.assertEq(token.balanceOf(operator.addr), uint256(micro) * 1e12);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), staked - uint256(micro) * 1e12);
        vm.assertEq(token.balanceOf(address(registry)), staked - uint256(micro) * 1e12);
        vm.assertEq(record().unbondingEndsAt, 0);
    }

    function testFuzz_stake_moves_what_was_earned_and_nothing_else(uint256 paid, uint64 micro) public {
        fund(customer.addr, 1e24);
        paid = bound(paid, 1e13, 1e24);
        earnByVoucher(paid);
        uint256 earned = payments.earningsOf(operator.addr).earnedWei;
        micro = uint64(bound(micro, 1, earned / 1e12));
        uint256 amount = uint256(micro) * 1e12;
        stakeEarned(operator, micro);
        IPayments.Earnings memory after_ = payments.earningsOf(operator.addr);
        vm.assertEq(after_.earnedWei, earned);
        vm.assertEq(after_.movedToStakeWei, amount);
        vm.assertEq(after_.claimedWei, 0);
        vm.assertEq(after_.claimableWei, earned - amount);
        vm.assertEq(record().stakedWei, amount);
        vm.assertEq(token.balanceOf(address(registry)), amount);
        vm.assertEq(token.balanceOf(operator.addr), 0);
        vm.assertEq(token.allowance(address(payments), address(registry)), 0);
    }

    function test_claims_and_stakes_are_counted_apart() public {
        fund(customer.addr, 1e24);
        earnByVoucher(100e18);
        stakeEarned(operator, 30e6);
        claim(operator, 40e6);
        stakeEarned(operator, 5e6);
        IPayments.Earnings memory found = payments.earningsOf(operator.addr);
        vm.assertEq(found.claimedWei, 40e18);
        vm.assertEq(found.movedToStakeWei, 35e18);
        vm.assertEq(found.claimableWei, 20e18);
        vm.assertEq(found.earnedWei, 95e18);
    }

    function test_stake_refuses_nothing_too_much_and_unknown_markets() public {
        fund(customer.addr, 1e24);
        earnByVoucher(10e18);
        uint32 deadline = minutesAhead(1);
        vm.startPrank(operator.addr);
        vm.expectRevert(IPayments.AmountZero.selector);
        payments.stake(operator.addr, address(market), 0, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(IPayments.Available.selector, 9.5e18));
        payments.stake(operator.addr, address(market), 9.5e6 + 1, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        payments.stake(operator.addr, address(market), 1e13, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, operator.addr));
        payments.stake(operator.addr, operator.addr, 1, 1, deadline, "");
        payments.stake(operator.addr, address(market), 9.5e6, 1, deadline, "");
        vm.stopPrank();
    }

    function test_unstake_refuses_nothing_too_much_and_unknown_markets() public {
        stake(operator.addr, 1e18);
        uint32 deadline = minutesAhead(1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, operator.addr));
        registry.unstake(operator.addr, operator.addr, 1, 1, deadline, "");
        vm.startPrank(operator.addr);
        vm.expectRevert(IRegistry.AmountZero.selector);
        registry.unstake(operator.addr, address(market), 0, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(IRegistry.ProvisionTooSmall.selector, 1e18 + 1e12, 1e18));
        registry.unstake(operator.addr, address(market), 1e6 + 1, 1, deadline, "");
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        registry.unstake(operator.addr, address(market), 1e13, 1, deadline, "");
        registry.unstake(operator.addr, address(market), 1e6, 1, deadline, "");
        vm.stopPrank();
    }

    function test_unstake_needs_the_operators_consent_and_its_number() public {
        stake(operator.addr, 1e18);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(
            node,
            personalDigest(registry.unstakeSentence(operator.addr, address(market), 1, 1, deadline))
        );
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, node.addr));
        registry.unstake(operator.addr, address(market), 1, 1, deadline, signature);
        unstakeRaw(address(market), 1, 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 1, 1));
        this.again();
    }

    function again() external {
        unstakeRaw(address(market), 1, 1);
    }

    function test_withdrawing_refuses_before_the_end_and_without_an_unbonding() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NothingUnbonding.selector, operator.addr, address(market)));
        registry.withdrawStake(operator.addr, address(market));
        stake(operator.addr, 1e18);
        unstake(operator, 1e6);
        uint256 endsAt = block.timestamp + UNBONDING;
        vm.warp(endsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.StillUnbonding.selector, endsAt));
        registry.withdrawStake(operator.addr, address(market));
    }

    function test_a_second_sentence_replaces_the_first() public {
        stake(operator.addr, 5e18);
        unstake(operator, 5e6);
        vm.warp(block.timestamp + UNBONDING);
        unstake(operator, 2e6);
        vm.assertEq(record().unbondingWei, 2e18);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.StillUnbonding.selector, block.timestamp + UNBONDING));
        registry.withdrawStake(operator.addr, address(market));
    }

    function test_open_work_is_counted_from_creation_to_end() public {
        fund(customer.addr, 1e24);
        vm.assertEq(record().openWork, 0);
        addPieces(piecesOf(0, 10, 8), 1e20);
        addPieces(piecesOf(10, 1, 8), 1e20);
        vm.assertEq(record().openWork, 1);
        prove(nextPeriod());
        vm.prank(customer.addr);
        market.drop(node.addr);
        vm.assertEq(record().openWork, 1);
        nextPeriod();
        market.finish(customer.addr, node.addr);
        vm.assertEq(record().openWork, 0);
        vm.warp(block.timestamp + CLEAR_DELAY);
        market.clear(customer.addr, node.addr, 20);
        addPieces(piecesOf(0, 1, 8), 1e20);
        vm.assertEq(record().openWork, 1);
    }

    function test_a_set_whose_escrow_ran_out_is_no_longer_open() public {
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 1, 1), 30 * (uint256(PRICE) >> 25));
        for (uint256 i; i < 30; ++i) {
            uint256 period = nextPeriod();
            market.provePossession(customer.addr, node.addr, period, proofOf(0, 1, period));
        }
        vm.assertEq(record().openWork, 0);
        stake(operator.addr, 1e18);
        unstake(operator, 1e6);
    }

    function test_only_markets_count_work() public {
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, address(this)));
        registry.workBegan(operator.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, address(this)));
        registry.workEnded(operator.addr);
    }

    function test_unbonding_lasts_as_long_as_the_deployment_says() public view {
        vm.assertEq(registry.unbondingSeconds(), UNBONDING);
    }
}
