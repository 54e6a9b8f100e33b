// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "../src/interfaces/ISentences.sol";
import {IPayments} from "../src/interfaces/IPayments.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IRepairFund} from "../src/interfaces/IRepairFund.sol";
import {IStorageMarket} from "../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../src/libraries/DataSets.sol";
import {RepairFixture} from "./support/RepairFixture.sol";

contract RepairFundTest is RepairFixture {
    // Naming

    function test_naming_takes_the_budget_and_shows_it() public {
        uint256 before = token.balanceOf(customer.addr);
        IRepairFund.Terms memory terms = termsOf();
        vm.expectEmit();
        emit IRepairFund.RepairerNamed(customer.addr, repairer.addr, terms, BUDGET);
        nameRepairer();
        vm.assertEq(before - token.balanceOf(customer.addr), BUDGET);
        IRepairFund.NamingView memory naming = repairFund.namingOf(customer.addr, repairer.addr);
        vm.assertEq(naming.budgetWei, BUDGET);
        vm.assertEq(naming.spentWei, 0);
        vm.assertEq(naming.endsAt, terms.expiry);
        vm.assertEq(naming.terms.feePerPieceWei, FEE_PER_PIECE);
        vm.assertEq(repairFund.repairersOf(customer.addr)[0], repairer.addr);
    }

    function test_naming_needs_a_budget() public {
        vm.expectRevert(IRepairFund.BudgetMissing.selector);
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, termsOf(), 0);
    }

    function test_naming_needs_a_future_expiry() public {
        IRepairFund.Terms memory terms = termsOf();
        terms.expiry = uint40(block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.ExpiryPassed.selector, block.timestamp));
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, terms, BUDGET);
    }

    function test_naming_twice_is_refused() public {
        nameRepairer();
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NamedAlready.selector, customer.addr, repairer.addr));
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, termsOf(), BUDGET);
    }

    function test_only_a_storage_node_can_be_named() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeUnknown.selector, customer.addr));
        vm.prank(customer.addr);
        repairFund.name(customer.addr, termsOf(), BUDGET);
    }

    function test_anyone_tops_up_a_budget() public {
        nameRepairer();
        fund(operator.addr, 5e20);
        vm.prank(operator.addr);
        repairFund.topUp(customer.addr, repairer.addr, 5e20);
        vm.assertEq(budgetLeft(), BUDGET + 5e20);
    }

    function test_top_up_needs_a_naming() public {
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NotNamed.selector, customer.addr, repairer.addr));
        repairFund.topUp(customer.addr, repairer.addr, 1);
    }

    // Ending

    function test_end_takes_effect_after_two_periods_and_returns_the_rest() public {
        nameRepairer();
        uint256 endsAt = block.timestamp + repairFund.noticeSeconds();
        vm.assertEq(repairFund.noticeSeconds(), 2 * PERIOD);
        vm.expectEmit();
        emit IRepairFund.RepairerEnding(customer.addr, repairer.addr, endsAt);
        vm.prank(customer.addr);
        repairFund.end(repairer.addr);
        vm.warp(endsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.StillNamed.selector, endsAt));
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.warp(endsAt);
        uint256 before = token.balanceOf(customer.addr);
        vm.expectEmit();
        emit IRepairFund.BudgetTakenBack(customer.addr, repairer.addr, BUDGET);
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.assertEq(token.balanceOf(customer.addr) - before, BUDGET);
        vm.assertEq(repairFund.repairersOf(customer.addr).length, 0);
        vm.assertEq(repairFund.namingOf(customer.addr, repairer.addr).endsAt, 0);
        nameRepairer();
        vm.assertEq(budgetLeft(), BUDGET);
    }

    function test_ending_twice_is_refused() public {
        nameRepairer();
        vm.startPrank(customer.addr);
        repairFund.end(repairer.addr);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.EndingAlready.selector, block.timestamp + 2 * PERIOD));
        repairFund.end(repairer.addr);
        vm.stopPrank();
    }

    function test_end_needs_a_naming() public {
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NotNamed.selector, customer.addr, repairer.addr));
        vm.prank(customer.addr);
        repairFund.end(repairer.addr);
    }

    function test_taking_back_needs_a_naming() public {
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NotNamed.selector, customer.addr, repairer.addr));
        repairFund.takeBack(customer.addr, repairer.addr);
    }

    function test_naming_ends_by_itself_at_its_expiry() public {
        nameRepairer();
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NotNamed.selector, customer.addr, repairer.addr));
        repairFund.topUp(customer.addr, repairer.addr, 1);
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.assertEq(repairFund.repairersOf(customer.addr).length, 0);
    }

    function test_list_keeps_the_others_when_one_leaves() public {
        nameRepairer();
        IRepairFund.Terms memory short = termsOf();
        short.expiry = uint40(block.timestamp + 10);
        vm.startPrank(customer.addr);
        repairFund.name(other.addr, short, 1);
        repairFund.name(node.addr, termsOf(), 1);
        vm.warp(block.timestamp + 10);
        repairFund.takeBack(customer.addr, other.addr);
        address[] memory left = repairFund.repairersOf(customer.addr);
        vm.assertEq(left.length, 2);
        vm.assertEq(left[1], node.addr);
        repairFund.end(node.addr);
        repairFund.end(repairer.addr);
        vm.warp(block.timestamp + 60);
        repairFund.takeBack(customer.addr, node.addr);
        vm.assertEq(repairFund.repairersOf(customer.addr)[0], repairer.addr);
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.assertEq(repairFund.repairersOf(customer.addr).length, 0);
        vm.stopPrank();
    }

    // Repair

    function test_repair_moves_pieces_deposit_and_fee() public {
        nameRepairer();
        loseSet();
        uint256 rate = (80 * uint256(PRICE)) >> 25;
        vm.expectEmit();
        emit IRepairFund.Repaired(customer.addr, repairer.addr, other.addr, 10, rate * 30, feeOf(10));
        repairOnto(other, lostOf(node.addr, 0, 10), 0);
        vm.assertEq(escrowOn(other.addr), rate * 30);
        vm.assertEq(budgetLeft(), BUDGET - rate * 30 - feeOf(10));
        vm.assertEq(repairFund.namingOf(customer.addr, repairer.addr).spentWei, rate * 30 + feeOf(10));
        IStorageMarket.SetView memory from = market.dataSet(customer.addr, node.addr);
        vm.assertEq(from.leafCount, 0);
        vm.assertEq(from.rateWei, 0);
        IStorageMarket.PieceView[] memory moved = market.piecesOf(customer.addr, other.addr, 0, 10);
        IStorageMarket.PieceView[] memory gone = market.piecesOf(customer.addr, node.addr, 0, 10);
        for (uint256 i; i < 10; ++i) {
            vm.assertEq(moved[i].root, gone[i].root);
            vm.assertEq(moved[i].lengthBytes, gone[i].lengthBytes);
            vm.assertTrue(gone[i].removed);
        }
    }

    function test_fee_is_paid_once_the_new_node_has_proven() public {
        repairTen();
        uint256 repairedAt = currentPeriod();
        (uint256 open, uint256 since) = repairFund.openFeeOf(customer.addr, repairer.addr, other.addr);
        vm.assertEq(open, feeOf(10));
        vm.assertEq(since, repairedAt);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.FeeNotDue.selector, other.addr));
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
        proveOn(other, 0, nextPeriod());
        vm.expectEmit();
        emit IRepairFund.FeeSettled(customer.addr, repairer.addr, other.addr, feeOf(10), 0);
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
        IPayments.Earnings memory earnings = payments.earningsOf(repairOperator.addr);
        vm.assertEq(earnings.earnedWei + earnings.feeBurnedWei, feeOf(10));
        vm.assertEq(earnings.feeBurnedWei, (feeOf(10) + 19) / 20);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NoFee.selector, other.addr));
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
    }

    function test_repair_fills_a_set_that_runs_to_thirty_periods() public {
        nameRepairer();
        loseSet();
        repairOnto(other, lostOf(node.addr, 0, 4), 0);
        repairOnto(other, lostOf(node.addr, 4, 6), 4);
        uint256 rate = market.rateOf(market.setIdOf(customer.addr, other.addr));
        vm.assertEq(escrowOn(other.addr), rate * 30);
    }

    function test_repair_takes_nothing_for_a_set_that_is_paid_well_ahead() public {
        nameRepairer();
        loseSet();
        repairOnto(other, lostOf(node.addr, 0, 1), 0);
        vm.prank(customer.addr);
        market.topUp(customer.addr, other.addr, 1e22);
        uint256 before = budgetLeft();
        repairOnto(other, lostOf(node.addr, 1, 1), 1);
        vm.assertEq(before - budgetLeft(), feeOf(1));
    }

    function test_repair_at_no_price_still_funds_the_set() public {
        nameRepairer();
        loseSet();
        IStorageMarket.Acceptance memory free = acceptanceOf(0);
        free.pricePerGiBPeriodWei = 0;
        bytes memory signature = signAcceptance(other, customer.addr, piecesOf(0, 1, LEAVES), free);
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), free, signature);
        vm.assertEq(escrowOn(other.addr), 1);
    }

    function test_a_repair_under_way_is_paid_during_the_notice() public {
        nameRepairer();
        nextPeriod();
        vm.prank(customer.addr);
        repairFund.end(repairer.addr);
        nextPeriod();
        repairOnto(other, lostOf(node.addr, 0, 10), 0);
        vm.warp(block.timestamp + PERIOD);
        uint256 left = budgetLeft();
        uint256 before = token.balanceOf(customer.addr);
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.assertEq(token.balanceOf(customer.addr) - before, left);
        (uint256 open, ) = repairFund.openFeeOf(customer.addr, repairer.addr, other.addr);
        vm.assertEq(open, feeOf(10));
    }

    function testFuzz_every_wei_of_a_repair_is_accounted_for(uint96 price, uint96 perPiece, uint96 perGiB) public {
        price = uint96(bound(price, 0, 1e24));
        IRepairFund.Terms memory terms = termsOf();
        (terms.feePerPieceWei, terms.feePerGiBWei) = (perPiece, perGiB);
        (terms.priceCapPerGiBPeriodWei, terms.spendCapPerPeriodWei) = (price, type(uint128).max);
        uint256 leaves = 3 * LEAVES;
        uint256 fee = 3 * uint256(perPiece) + ((leaves * perGiB) >> 25);
        uint256 deposit = ((leaves * uint256(price)) >> 25) * 30;
        if (deposit == 0) deposit = 1;
        uint256 budget = fee + deposit;
        fund(customer.addr, 1e24);
        vm.assume(budget <= 1e24);
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, terms, budget);
        loseSet();
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        acceptance.pricePerGiBPeriodWei = price;
        bytes memory signature = signAcceptance(other, customer.addr, piecesOf(2, 3, LEAVES), acceptance);
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 2, 3), acceptance, signature);
        vm.assertEq(budgetLeft(), 0);
        vm.assertEq(escrowOn(other.addr), deposit);
        (uint256 open, ) = repairFund.openFeeOf(customer.addr, repairer.addr, other.addr);
        vm.assertEq(open, fee);
    }

    function testFuzz_budget_comes_back_to_the_wei_and_not_before_its_time(
        uint256 budget,
        uint256 more,
        uint256 wait
    ) public {
        (budget, more, wait) = (bound(budget, 1, 1e22), bound(more, 0, 1e22), bound(wait, 0, 4 * PERIOD));
        uint256 before = token.balanceOf(customer.addr);
        vm.startPrank(customer.addr);
        repairFund.name(repairer.addr, termsOf(), budget);
        repairFund.topUp(customer.addr, repairer.addr, more);
        repairFund.end(repairer.addr);
        uint256 endsAt = block.timestamp + 2 * PERIOD;
        vm.warp(block.timestamp + wait);
        if (block.timestamp < endsAt) {
            vm.expectRevert(abi.encodeWithSelector(IRepairFund.StillNamed.selector, endsAt));
            repairFund.takeBack(customer.addr, repairer.addr);
            vm.warp(endsAt);
        }
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(customer.addr), before);
    }

    function testFuzz_fee_goes_to_the_repairer_or_back_but_never_both(uint256 periods, bool proves) public {
        periods = bound(periods, 1, 8);
        repairTen();
        uint256 before = token.balanceOf(customer.addr);
        for (uint256 i; i < periods; ++i) {
            uint256 period = nextPeriod();
            if (proves && i == 0) proveOn(other, 0, period);
        }
        if (!proves && periods <= 5) {
            vm.expectRevert(abi.encodeWithSelector(IRepairFund.FeeNotDue.selector, other.addr));
            repairFund.settleFee(customer.addr, repairer.addr, other.addr);
            return;
        }
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
        IPayments.Earnings memory earnings = payments.earningsOf(repairOperator.addr);
        vm.assertEq(earnings.earnedWei + earnings.feeBurnedWei, proves ? feeOf(10) : 0);
        vm.assertEq(token.balanceOf(customer.addr) - before, proves ? 0 : feeOf(10));
    }

    // The hooks in the market and in Payments

    function testFuzz_hooks_refuse_everybody_else(address caller, uint256 amount) public {
        vm.assume(caller != address(repairFund) && caller != address(market));
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 1, LEAVES);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(1);
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.NotRepairFund.selector, caller));
        market.takeLost(customer.addr, node.addr, new uint256[](1));
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.NotRepairFund.selector, caller));
        market.addPiecesFor(customer.addr, node.addr, pieces, acceptance, "");
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, caller));
        payments.moveEscrow(bytes32(0), address(market), bytes32(0), amount);
        vm.stopPrank();
    }

    function test_hooks_are_for_the_repair_fund_only() public {
        uint256[] memory indices = new uint256[](1);
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 1, LEAVES);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.NotRepairFund.selector, address(this)));
        market.takeLost(customer.addr, node.addr, indices);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.NotRepairFund.selector, address(this)));
        market.addPiecesFor(customer.addr, node.addr, pieces, acceptanceOf(1), "");
    }

    function test_lost_pieces_can_only_be_taken_from_a_set_that_runs() public {
        nameRepairer();
        loseSet();
        vm.prank(customer.addr);
        market.drop(node.addr);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStorageMarket.SetNotActive.selector,
                customer.addr,
                node.addr,
                DataSets.State.Dropping
            )
        );
        vm.prank(address(repairFund));
        market.takeLost(customer.addr, node.addr, new uint256[](1));
    }

    function test_escrow_moves_between_markets_only_and_only_as_far_as_it_goes() public {
        bytes32 id = market.setIdOf(customer.addr, node.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, address(this)));
        payments.moveEscrow(id, address(market), id, 1);
        vm.startPrank(address(market));
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, customer.addr));
        payments.moveEscrow(id, customer.addr, id, 1);
        uint256 held = escrowOn(node.addr);
        vm.expectRevert(abi.encodeWithSelector(IPayments.EscrowTooSmall.selector, held + 1, held));
        payments.moveEscrow(id, address(repairFund), id, held + 1);
        vm.expectEmit();
        emit IPayments.EscrowMoved(address(market), id, address(repairFund), id, held);
        payments.moveEscrow(id, address(repairFund), id, held);
        vm.stopPrank();
        vm.assertEq(payments.escrowOf(address(repairFund), id), held);
        vm.assertEq(escrowOn(node.addr), 0);
    }
}
