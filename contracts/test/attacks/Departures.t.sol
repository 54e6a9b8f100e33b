// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../../src/libraries/DataSets.sol";
import {DepartureFixture} from "../support/DepartureFixture.sol";

contract DepartureAttacks is DepartureFixture {
    function refuses(IStorageMarket.Handover memory handover, bytes memory reason) private {
        vm.expectRevert(reason);
        market.handOver(handover);
    }

    function test_5_6_nobody_but_the_node_sends_it_away() public {
        startSet();
        IStorageMarket.Departure memory forged = departureWith(
            heir,
            node.addr,
            address(0),
            uint64(block.timestamp + 600)
        );
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AcceptanceInvalid.selector, node.addr, heir.addr));
        market.forfeit(forged);
    }

    function test_5_6_consent_to_a_handover_is_no_consent_to_forfeit() public {
        startSet();
        IStorageMarket.Departure memory departure = departureOf(node, heir.addr);
        market.handOver(handoverAt(0, 10, PRICE));
        departure.heir = address(0);
        vm.expectRevert();
        market.forfeit(departure);
    }

    function test_5_6_heir_who_did_not_accept_gets_nothing() public {
        startSet();
        IStorageMarket.Handover memory handover = handoverAt(0, 2, PRICE);
        handover.heirSignature = "";
        refuses(handover, abi.encodeWithSelector(IStorageMarket.AcceptanceInvalid.selector, heir.addr, address(0)));
    }

    function test_5_6_heir_cannot_charge_the_absent_customer_more() public {
        startSet();
        uint256 freed = (uint256(market.dataSet(customer.addr, node.addr).rateWei) * 8) / 80;
        IStorageMarket.Handover memory handover = handoverAt(0, 1, PRICE + PRICE / 50);
        uint256 dearer = (8 * uint256(PRICE + PRICE / 50)) >> 25;
        refuses(handover, abi.encodeWithSelector(IStorageMarket.HeirTooDear.selector, dearer, freed + 1));
    }

    function test_5_6_heir_cannot_hold_pieces_to_ransom_by_a_dear_retrieval() public {
        startSet();
        IStorageMarket.Handover memory handover = handoverAt(0, 1, PRICE);
        uint64 old = handover.acceptance.retrievalPricePerMiBWei;
        handover.acceptance.retrievalPricePerMiBWei = old + 1;
        handover.heirSignature = signAcceptance(heir, customer.addr, handover.pieces, handover.acceptance);
        refuses(handover, abi.encodeWithSelector(IStorageMarket.HeirTooDear.selector, old + 1, old));
    }

    function test_5_6_two_pieces_of_a_segment_cannot_meet_at_an_heir_who_holds_one() public {
        startSet();
        IStorageMarket.Piece[] memory pieces = piecesOf(50, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signAcceptance(heir, customer.addr, pieces, acceptance);
        vm.prank(customer.addr);
        market.addPieces(heir.addr, pieces, acceptance, signature, 1e20);
        refuses(handoverAt(0, 1, PRICE), abi.encodeWithSelector(IStorageMarket.HeirNotFree.selector, heir.addr));
    }

    function test_5_6_second_heir_cannot_take_the_rest_of_a_set() public {
        startSet();
        handOver(0, 5);
        (heir, heirOperator) = (walletOf(31), walletOf(32));
        authorize(heirOperator, heir, 0);
        refuses(handoverAt(5, 5, PRICE), abi.encodeWithSelector(IStorageMarket.HeirNotFree.selector, heir.addr));
    }

    function test_5_6_a_piece_is_handed_over_once() public {
        startSet();
        handOver(0, 5);
        refuses(handoverAt(0, 5, PRICE), abi.encodeWithSelector(DataSets.PieceRemovedAlready.selector, 0));
    }

    function test_5_6_old_consent_to_leave_does_not_end_a_set_that_began_anew() public {
        startSet();
        IStorageMarket.Departure memory departure = departureWith(
            node,
            node.addr,
            address(0),
            uint64(block.timestamp + 30 days)
        );
        market.forfeit(departure);
        vm.warp(block.timestamp + CLEAR_DELAY);
        market.clear(customer.addr, node.addr, 100);
        addPieces(piecesOf(0, 3, 8), 1e20);
        vm.expectRevert();
        market.forfeit(departure);
    }

    function test_5_6_leaver_takes_no_escrow_along() public {
        startSet();
        uint256 supply = token.totalSupply();
        market.forfeit(departureOf(node, address(0)));
        vm.assertEq(token.balanceOf(customer.addr), 1e24);
        vm.assertEq(token.totalSupply(), supply);
    }

    function test_2_7_exits_stay_open_when_new_work_is_paused() public {
        startSet();
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        market.forfeit(departureOf(node, address(0)));
        vm.assertEq(token.balanceOf(customer.addr), 1e24);
    }
}
