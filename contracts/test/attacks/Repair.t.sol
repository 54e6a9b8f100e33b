// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {IRepairFund} from "../../src/interfaces/IRepairFund.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../../src/libraries/DataSets.sol";
import {Wallet} from "../support/Base.sol";
import {RepairFixture} from "../support/RepairFixture.sol";

/// @notice One test per attack on repair by a named repairer (PROTOCOL 5.7).
contract RepairAttacks is RepairFixture {
    function expectNotLost(address key) private {
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SetNotLost.selector, customer.addr, key));
    }

    function signFor(
        IStorageMarket.Piece[] memory pieces,
        IStorageMarket.Acceptance memory acceptance
    ) private view returns (bytes memory) {
        return signAcceptance(other, customer.addr, pieces, acceptance);
    }

    function test_5_7_repairer_cannot_remove_healthy_pieces() public {
        nameRepairer();
        // Too young, then proven in the running period, in the last and in the one before.
        this.tryToTake();
        prove(currentPeriod());
        for (uint256 i; i < 3; ++i) {
            this.tryToTake();
            nextPeriod();
        }
        // Now both of the last two are missed.
        repairOnto(other, lostOf(node.addr, 0, 10), 0);
    }

    function tryToTake() external {
        uint256 state = vm.snapshotState();
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signFor(piecesOf(0, 1, LEAVES), acceptance);
        expectNotLost(node.addr);
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptance, signature);
        vm.revertToState(state);
    }

    function test_5_7_periods_without_seeds_do_not_make_a_set_lost() public {
        nameRepairer();
        // Nobody captures the seeds of the next two periods in time.
        openNextPeriod();
        openNextPeriod();
        nextPeriod();
        this.tryToTake();
    }

    function test_5_7_an_undecided_period_does_not_make_a_set_lost() public {
        nameRepairer();
        nextPeriod();
        uint256 period = openNextPeriod();
        this.tryToTake();
        capture(period);
        repairOnto(other, lostOf(node.addr, 0, 10), 0);
    }

    function test_5_7_repairer_who_repairs_nothing_is_paid_nothing() public {
        nameRepairer();
        loseSet();
        uint256 before = budgetLeft();
        // Nobody signed for the pieces.
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        Wallet memory forged = Wallet(other.addr, 0, 0, repairer.privateKey);
        bytes memory own = signAcceptance(forged, customer.addr, piecesOf(0, 1, LEAVES), acceptance);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AcceptanceInvalid.selector, other.addr, repairer.addr));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptance, own);
        // No pieces at all.
        IRepairFund.Lost[] memory nothing = new IRepairFund.Lost[](0);
        vm.expectRevert(IStorageMarket.NoPieces.selector);
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, nothing, acceptance, own);
        vm.assertEq(budgetLeft(), before);
    }

    function test_5_7_colluding_node_that_holds_nothing_brings_no_fee() public {
        repairTen();
        uint256 before = token.balanceOf(customer.addr);
        // It signed, but it cannot prove.
        for (uint256 i; i < 5; ++i) nextPeriod();
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.FeeNotDue.selector, other.addr));
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
        nextPeriod();
        vm.expectEmit();
        emit IRepairFund.FeeSettled(customer.addr, repairer.addr, other.addr, 0, feeOf(10));
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
        vm.assertEq(token.balanceOf(customer.addr) - before, feeOf(10));
        vm.assertEq(payments.earningsOf(repairOperator.addr).earnedWei, 0);
        // The deposit is in the customer's own set; he gets all of it back.
        uint256 deposit = escrowOn(other.addr);
        vm.prank(customer.addr);
        market.drop(other.addr);
        nextPeriod();
        before = token.balanceOf(customer.addr);
        market.finish(customer.addr, other.addr);
        vm.assertEq(token.balanceOf(customer.addr) - before, deposit);
    }

    function test_5_7_a_proof_from_before_the_repair_does_not_earn_its_fee() public {
        nameRepairer();
        nextPeriod();
        uint256 period = nextPeriod();
        repairOnto(other, lostOf(node.addr, 0, 4), 0);
        period = nextPeriod();
        proveOn(other, 0, period);
        repairOnto(other, lostOf(node.addr, 4, 6), 4);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.FeeNotDue.selector, other.addr));
        repairFund.settleFee(customer.addr, repairer.addr, other.addr);
    }

    function test_5_7_same_piece_cannot_be_moved_twice() public {
        repairTen();
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(1);
        bytes memory signature = signFor(piecesOf(0, 1, LEAVES), acceptance);
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceRemovedAlready.selector, 0));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptance, signature);
        // Nor within one call.
        IRepairFund.Lost[] memory twice = lostOf(node.addr, 0, 2);
        twice[0].indices[1] = 0;
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceRemovedAlready.selector, 0));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, twice, acceptance, signature);
        // Where it lies now it is not lost.
        acceptance.sequence = 0;
        signature = signAcceptance(node, customer.addr, piecesOf(0, 1, LEAVES), acceptance);
        expectNotLost(other.addr);
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, node.addr, lostOf(other.addr, 0, 1), acceptance, signature);
    }

    function test_5_7_repairer_cannot_add_pieces_that_were_not_there() public {
        nameRepairer();
        loseSet();
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        // The node signed for junk of the repairer, twice as long.
        bytes memory signature = signFor(piecesOf(500, 1, 2 * LEAVES), acceptance);
        vm.expectRevert();
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptance, signature);
    }

    function test_5_7_unknown_pieces_cannot_be_moved() public {
        nameRepairer();
        loseSet();
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceUnknown.selector, 10));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 10, 1), acceptance, "");
    }

    function test_5_7_repairer_cannot_revive_what_the_customer_removed_or_dropped() public {
        nameRepairer();
        loseSet();
        uint256[] memory indices = new uint256[](1);
        vm.prank(customer.addr);
        market.removePieces(node.addr, indices);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signFor(piecesOf(0, 1, LEAVES), acceptance);
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceRemovedAlready.selector, 0));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptance, signature);
        vm.prank(customer.addr);
        market.drop(node.addr);
        vm.expectRevert();
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 1, 1), acceptance, signature);
    }

    function test_5_7_dear_price_cannot_drain_the_budget() public {
        nameRepairer();
        loseSet();
        IStorageMarket.Acceptance memory dear = acceptanceOf(0);
        dear.pricePerGiBPeriodWei = PRICE + 1;
        bytes memory signature = signFor(piecesOf(0, 1, LEAVES), dear);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.PriceAboveCap.selector, PRICE + 1, PRICE));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), dear, signature);
        (dear.pricePerGiBPeriodWei, dear.retrievalPricePerMiBWei) = (PRICE, 1001);
        signature = signFor(piecesOf(0, 1, LEAVES), dear);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.PriceAboveCap.selector, 1001, 1000));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), dear, signature);
    }

    function test_5_7_spending_of_a_period_is_bounded() public {
        IRepairFund.Terms memory terms = termsOf();
        uint256 each = (((LEAVES * uint256(PRICE)) >> 25) * 30) + feeOf(1);
        terms.spendCapPerPeriodWei = uint128(each);
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, terms, BUDGET);
        loseSet();
        repairOnto(other, lostOf(node.addr, 0, 1), 0);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(1);
        bytes memory signature = signFor(piecesOf(1, 1, LEAVES), acceptance);
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.SpendAboveCap.selector, 2 * each, each));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 1, 1), acceptance, signature);
        nextPeriod();
        vm.assertEq(repairFund.namingOf(customer.addr, repairer.addr).spentWei, 0);
        repairOnto(other, lostOf(node.addr, 1, 1), 1);
    }

    function test_5_7_empty_budget_pays_for_nothing() public {
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, termsOf(), 1);
        loseSet();
        uint256 needed = ((LEAVES * uint256(PRICE)) >> 25) * 30;
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signFor(piecesOf(0, 1, LEAVES), acceptance);
        vm.expectRevert(abi.encodeWithSelector(IPayments.EscrowTooSmall.selector, needed, 1));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptance, signature);
    }

    function test_5_7_acceptance_counts_once() public {
        nameRepairer();
        loseSet();
        repairOnto(other, lostOf(node.addr, 0, 1), 0);
        IStorageMarket.Acceptance memory old = acceptanceOf(0);
        bytes memory signature = signFor(piecesOf(1, 1, LEAVES), old);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SequenceWrong.selector, 0, 1));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 1, 1), old, signature);
    }

    function test_5_7_repairer_cannot_move_pieces_to_itself() public {
        Wallet memory sister = walletOf(14);
        authorize(repairOperator, sister, 0);
        nameRepairer();
        loseSet();
        for (uint256 i; i < 2; ++i) {
            address key = i == 0 ? repairer.addr : sister.addr;
            vm.expectRevert(abi.encodeWithSelector(IRepairFund.OwnNode.selector, key));
            vm.prank(repairer.addr);
            repairFund.repair(customer.addr, key, lostOf(node.addr, 0, 1), acceptanceOf(0), "");
        }
    }

    function test_5_7_stolen_and_revoked_repairer_key_spends_nothing() public {
        nameRepairer();
        loseSet();
        revoke(repairOperator, repairer.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, repairer.addr));
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, other.addr, lostOf(node.addr, 0, 1), acceptanceOf(0), "");
    }

    function test_5_7_only_the_named_node_spends_and_only_for_its_customer() public {
        nameRepairer();
        loseSet();
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NotNamed.selector, customer.addr, other.addr));
        vm.prank(other.addr);
        repairFund.repair(customer.addr, node.addr, lostOf(node.addr, 0, 1), acceptanceOf(0), "");
        vm.expectRevert(abi.encodeWithSelector(IRepairFund.NotNamed.selector, operator.addr, repairer.addr));
        vm.prank(repairer.addr);
        repairFund.repair(operator.addr, other.addr, lostOf(node.addr, 0, 1), acceptanceOf(0), "");
    }

    function test_5_7_nobody_but_the_customer_gets_the_rest() public {
        nameRepairer();
        vm.warp(block.timestamp + 30 days);
        uint256 before = token.balanceOf(customer.addr);
        vm.prank(repairer.addr);
        repairFund.takeBack(customer.addr, repairer.addr);
        vm.assertEq(token.balanceOf(customer.addr) - before, BUDGET);
        vm.assertEq(token.balanceOf(repairer.addr), 0);
    }
}
