// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../src/interfaces/IPayments.sol";
import {IStorageMarket} from "../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../src/libraries/DataSets.sol";
import {DepartureFixture} from "./support/DepartureFixture.sol";

contract DeparturesTest is DepartureFixture {
    function test_pieces_go_to_the_heir_with_their_share_of_the_escrow() public {
        uint256 period = startSet();
        uint256 escrow = escrowOf(node.addr);
        handOver(0, 4);
        uint256 rate = market.dataSet(customer.addr, node.addr).frozenRateWei;
        vm.assertEq(escrowOf(heir.addr), ((escrow - rate) * 32) / 80);
        vm.assertEq(escrowOf(node.addr) + escrowOf(heir.addr), escrow);
        vm.assertEq(market.heirOf(customer.addr, node.addr), heir.addr);
        // Until the end of the period the leaver proves all of it and is paid for it.
        prove(period);
        vm.assertEq(
            payments.earningsOf(operator.addr).earnedWei -
                payments.earningsOf(operator.addr).rewardsWei +
                payments.earningsOf(operator.addr).feeBurnedWei,
            rate
        );
        period = nextPeriod();
        vm.assertEq(market.dataSet(customer.addr, node.addr).frozenLeafCount, 48);
        vm.assertEq(market.dataSet(customer.addr, heir.addr).frozenLeafCount, 32);
        market.provePossession(customer.addr, heir.addr, period, heirProof(period));
        vm.assertTrue(payments.earningsOf(heirOperator.addr).earnedWei > 0);
    }

    function test_last_batch_ends_the_set_and_the_rest_returns_to_the_customer() public {
        uint256 period = startSet();
        prove(period);
        handOver(0, 6);
        handOver(6, 4);
        IStorageMarket.SetView memory set = market.dataSet(customer.addr, node.addr);
        vm.assertTrue(set.state == DataSets.State.Dropping);
        vm.assertEq(set.leafCount, 0);
        nextPeriod();
        uint256 left = escrowOf(node.addr);
        uint256 before = token.balanceOf(customer.addr);
        market.finish(customer.addr, node.addr);
        vm.assertEq(token.balanceOf(customer.addr) - before, left);
        vm.assertEq(market.dataSet(customer.addr, heir.addr).pieceCount, 10);
        vm.warp(block.timestamp + CLEAR_DELAY);
        market.clear(customer.addr, node.addr, 10);
        // A customer who was away for that long still finds his pieces, until he begins anew here.
        vm.assertEq(market.heirOf(customer.addr, node.addr), heir.addr);
        addPieces(piecesOf(0, 1, 8), 1e20);
        vm.assertEq(market.heirOf(customer.addr, node.addr), address(0));
    }

    function testFuzz_a_heir_at_the_same_price_is_taken_and_no_dearer_by_a_wei(uint96 price, uint256 count) public {
        price = uint96(bound(price, 1e10, 1e20));
        count = bound(count, 1, 9);
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        acceptance.pricePerGiBPeriodWei = price;
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 10, 8);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e22);
        nextPeriod();
        uint256 before = market.dataSet(customer.addr, node.addr).rateWei;
        market.handOver(handoverAt(0, count, price));
        market.handOver(handoverAt(count, 10 - count, price));
        vm.assertEq(market.dataSet(customer.addr, node.addr).rateWei, 0);
        uint256 rate = market.dataSet(customer.addr, heir.addr).rateWei;
        vm.assertTrue(rate <= before && rate + 10 >= before);
    }

    function test_forfeit_costs_the_period_and_one_fault_and_returns_the_escrow() public {
        startSet();
        uint256 escrow = escrowOf(node.addr);
        uint256 before = token.balanceOf(customer.addr);
        market.forfeit(departureOf(node, address(0)));
        IStorageMarket.SetView memory set = market.dataSet(customer.addr, node.addr);
        vm.assertTrue(set.state == DataSets.State.Ended);
        vm.assertEq(set.faults, 1);
        vm.assertEq(token.balanceOf(customer.addr) - before, escrow);
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, 0);
    }

    function test_forfeit_as_third_fault_costs_stake() public {
        stake(operator.addr, 100e18);
        startSet();
        nextPeriod();
        nextPeriod();
        market.forfeit(departureOf(node, address(0)));
        vm.assertEq(market.dataSet(customer.addr, node.addr).faults, 3);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 99e18);
    }

    function test_handover_refuses_a_set_that_is_not_active() public {
        IStorageMarket.Handover memory handover = handoverAt(0, 1, PRICE);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageMarket.SetNotActive.selector, customer.addr, node.addr, DataSets.State.None)
        );
        market.handOver(handover);
    }

    function test_handover_refuses_pieces_that_are_not_there() public {
        startSet();
        IStorageMarket.Handover memory handover = handoverAt(0, 2, PRICE);
        handover.first = 1;
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceUnknown.selector, 1));
        market.handOver(handover);
        handover = handoverAt(0, 1, PRICE);
        handover.pieces[0].lengthBytes -= 1;
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceUnknown.selector, 0));
        market.handOver(handover);
    }

    function test_handover_refuses_an_empty_escrow() public {
        startSet();
        uint256 rate = market.dataSet(customer.addr, node.addr).rateWei;
        // All but the pay of one period is spent: what is left belongs to the leaver.
        while (escrowOf(node.addr) > rate) prove(nextPeriod());
        nextPeriod();
        uint256 left = escrowOf(node.addr);
        IStorageMarket.Handover memory handover = handoverAt(0, 1, PRICE);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.EscrowTooSmall.selector, left, rate));
        market.handOver(handover);
    }

    function test_departure_counts_in_its_last_second_and_not_after() public {
        startSet();
        uint64 expiry = uint64(block.timestamp);
        IStorageMarket.Departure memory departure = departureWith(node, node.addr, address(0), expiry);
        vm.warp(expiry + 1);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AcceptanceExpired.selector, expiry));
        market.forfeit(departure);
        vm.warp(expiry);
        market.forfeit(departure);
    }

    function testFuzz_handOver_never_makes_or_loses_a_wei(uint256 deposit, uint256 split, bool proven) public {
        deposit = bound(deposit, 1e20, 1e23);
        split = bound(split, 1, 9);
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 10, 8), deposit);
        uint256 period = nextPeriod();
        if (proven) prove(period);
        handOver(0, split);
        handOver(split, 10 - split);
        if (!proven) prove(period);
        period = nextPeriod();
        // The last pay may have been all that was left; then the set has ended by itself.
        if (market.dataSet(customer.addr, node.addr).state == DataSets.State.Dropping) {
            market.finish(customer.addr, node.addr);
        }
        market.provePossession(customer.addr, heir.addr, period, heirProof(period));
        IPayments.Earnings memory left = payments.earningsOf(operator.addr);
        IPayments.Earnings memory came = payments.earningsOf(heirOperator.addr);
        uint256 paid =
            left.earnedWei - left.rewardsWei + left.feeBurnedWei + came.earnedWei - came.rewardsWei + came.feeBurnedWei;
        vm.assertEq(paid + escrowOf(heir.addr) + token.balanceOf(customer.addr), 1e24);
        vm.assertEq(escrowOf(node.addr), 0);
        vm.assertLe(came.earnedWei, left.earnedWei, "an heir earns no more than the one before");
    }

    function testFuzz_forfeit_returns_all_that_was_not_earned(uint256 deposit, bool proven) public {
        deposit = bound(deposit, 1e20, 1e23);
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 10, 8), deposit);
        uint256 period = nextPeriod();
        if (proven) prove(period);
        market.forfeit(departureOf(node, address(0)));
        IPayments.Earnings memory earnings = payments.earningsOf(operator.addr);
        vm.assertEq(
            token.balanceOf(customer.addr) + earnings.earnedWei - earnings.rewardsWei + earnings.feeBurnedWei,
            1e24
        );
        vm.assertEq(earnings.earnedWei != 0 ? 1 : 0, proven ? 1 : 0);
    }
}
