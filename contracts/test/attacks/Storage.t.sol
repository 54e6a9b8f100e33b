// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../../src/libraries/DataSets.sol";
import {Possession} from "../../src/libraries/Possession.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Base.sol";
import {Trees} from "../support/Trees.sol";

/// @notice One test per attack of PROTOCOL 5 that the contracts can meet.
contract StorageAttacks is Fixture {
    function faults() private view returns (uint256) {
        return market.dataSet(customer.addr, node.addr).faults;
    }

    function test_5_2_inner_node_does_not_pass_for_a_leaf() public {
        uint256 period = startSet();
        uint256[] memory leaves = market.challengesOf(customer.addr, node.addr, period);
        bytes memory proof;
        for (uint256 i; i < leaves.length; ++i) {
            (uint256 piece, uint256 leaf) = (leaves[i] / 8, leaves[i] % 8);
            // One level up: the parent of the leaf and the siblings above it, a shorter and consistent path.
            proof = abi.encodePacked(
                proof,
                Trees.nodeOf(piece, 8, 1, leaf >> 1),
                Trees.nodeOf(piece, 8, 1, (leaf >> 1) ^ 1),
                Trees.nodeOf(piece, 8, 2, (leaf >> 2) ^ 1)
            );
        }
        vm.expectRevert();
        market.provePossession(customer.addr, node.addr, period, proof);
    }

    function test_5_2_padding_leaves_are_never_challenged() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 20, 5), 1e20);
        for (uint256 i; i < 10; ++i) {
            uint256 period = nextPeriod();
            uint256[] memory leaves = market.challengesOf(customer.addr, node.addr, period);
            for (uint256 j; j < leaves.length; ++j) vm.assertTrue(leaves[j] < 100);
            market.provePossession(customer.addr, node.addr, period, proofOf(0, 5, period));
        }
    }

    function test_5_2_customer_cannot_add_what_the_provider_did_not_accept() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        IStorageMarket.Piece[] memory accepted = piecesOf(0, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signAcceptance(node, customer.addr, accepted, acceptance);
        IStorageMarket.Piece[] memory other = piecesOf(0, 1, 8);
        other[0].lengthBytes = 32;
        vm.expectRevert();
        vm.prank(customer.addr);
        market.addPieces(node.addr, other, acceptance, signature, 1e20);
        acceptance.pricePerGiBPeriodWei -= 1;
        vm.expectRevert();
        vm.prank(customer.addr);
        market.addPieces(node.addr, accepted, acceptance, signature, 1e20);
    }

    function test_5_2_acceptance_counts_once_and_for_its_customer_only() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        fund(operator.addr, 1e24);
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.expectRevert();
        vm.prank(operator.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        vm.startPrank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SequenceWrong.selector, 0, 1));
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        vm.stopPrank();
    }

    function test_5_5_proof_of_last_period_is_worthless_in_this_one() public {
        uint256 period = startSet();
        bytes memory old = proofOf(0, 8, period);
        period = nextPeriod();
        vm.expectRevert();
        market.provePossession(customer.addr, node.addr, period, old);
    }

    function test_5_5_proof_for_one_set_is_worthless_for_another() public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        Wallet memory first = customer;
        customer = walletOf(30);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 10, 8), 1e20);
        period = nextPeriod();
        Wallet memory second = customer;
        customer = first;
        proof = proofOf(0, 8, period);
        vm.expectRevert();
        market.provePossession(second.addr, node.addr, period, proof);
    }

    function test_5_5_invalid_proof_reverts_without_effect() public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        proof[0] ^= 0x01;
        vm.expectRevert();
        market.provePossession(customer.addr, node.addr, period, proof);
        prove(period);
        vm.assertEq(faults(), 0);
    }

    function test_5_5_period_with_a_late_seed_is_void_for_both_sides() public {
        startSet();
        uint256 period = openNextPeriod();
        vm.warp(period * PERIOD + GAP + 1);
        capture(period);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.PeriodVoid.selector, period, period * PERIOD + GAP + 1));
        market.provePossession(customer.addr, node.addr, period, "");
        nextPeriod();
        market.settle(customer.addr, node.addr);
        // The period before the late one is void as well: the chain was not usable at its end.
        vm.assertEq(faults(), 0);
    }

    function test_5_5_period_whose_seed_nobody_captured_is_void() public {
        uint256 period = startSet();
        vm.warp((period + 2) * PERIOD);
        seeds.open((period + 2) * 3);
        capture(period + 2);
        market.settle(customer.addr, node.addr);
        vm.assertEq(faults(), 0);
    }

    function test_5_5_honest_home_that_sleeps_twice_a_month_is_not_slashed() public {
        stake(operator.addr, 1000e18);
        prove(startSet());
        nextPeriod();
        for (uint256 i; i < 13; ++i) prove(nextPeriod());
        nextPeriod();
        for (uint256 i; i < 13; ++i) prove(nextPeriod());
        vm.assertEq(faults(), 2);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 1000e18);
    }

    function test_5_5_fault_is_booked_once_however_often_it_is_settled() public {
        startSet();
        nextPeriod();
        for (uint256 i; i < 5; ++i) market.settle(customer.addr, node.addr);
        vm.assertEq(faults(), 1);
    }

    function test_5_6_payment_needs_no_customer_once_escrow_is_there() public {
        uint256 period = startSet();
        uint256 all = token.balanceOf(customer.addr);
        vm.prank(customer.addr);
        token.transfer(address(this), all);
        prove(period);
        vm.assertTrue(payments.earningsOf(operator.addr).earnedWei > 0);
    }

    function test_5_6_customer_cannot_take_escrow_back_from_a_running_set() public {
        startSet();
        vm.expectRevert(
            abi.encodeWithSelector(
                IStorageMarket.SetNotActive.selector,
                customer.addr,
                node.addr,
                DataSets.State.Active
            )
        );
        vm.prank(customer.addr);
        market.finish(customer.addr, node.addr);
    }

    function test_5_6_unpaid_period_is_no_fault() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        uint256 rate = (80 * uint256(PRICE)) >> 25;
        addPieces(piecesOf(0, 10, 8), rate * 30 + rate / 2);
        for (uint256 i; i < 30; ++i) prove(nextPeriod());
        nextPeriod();
        nextPeriod();
        market.settle(customer.addr, node.addr);
        vm.assertEq(faults(), 0);
    }

    function test_5_6_removal_in_a_period_does_not_cut_its_pay() public {
        uint256 period = startSet();
        uint256[] memory all = new uint256[](9);
        for (uint256 i; i < 9; ++i) all[i] = i;
        bytes memory proof = proofOf(0, 8, period);
        vm.prank(customer.addr);
        market.removePieces(node.addr, all);
        market.provePossession(customer.addr, node.addr, period, proof);
        uint256 rate = (80 * uint256(PRICE)) >> 25;
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, rate - (rate + 19) / 20);
    }

    function test_5_6_emptied_and_refilled_set_is_not_charged_with_the_gap() public {
        startSet();
        uint256[] memory all = new uint256[](10);
        for (uint256 i; i < 10; ++i) all[i] = i;
        vm.prank(customer.addr);
        market.removePieces(node.addr, all);
        prove(currentPeriod());
        nextPeriod();
        addPieces(piecesOf(10, 1, 8), 1e20);
        openNextPeriod();
        addPieces(piecesOf(11, 1, 8), 1e20);
        capture(currentPeriod());
        market.settle(customer.addr, node.addr);
        vm.assertEq(faults(), 0);
    }

    function test_5_6_clearing_forgives_neither_faults_nor_used_acceptances() public {
        startSet();
        nextPeriod();
        market.settle(customer.addr, node.addr);
        vm.prank(customer.addr);
        market.drop(node.addr);
        nextPeriod();
        market.finish(customer.addr, node.addr);
        vm.warp(block.timestamp + CLEAR_DELAY);
        market.clear(customer.addr, node.addr, 10);
        vm.assertEq(faults(), 2);
        vm.assertEq(sequenceOf(customer.addr, node.addr), 1);
    }

    function testFuzz_5_2_random_bytes_never_prove(uint256 seed) public {
        uint256 period = startSet();
        bytes memory noise;
        for (uint256 i; i < 20; ++i) noise = abi.encodePacked(noise, keccak256(abi.encode(seed, i)));
        vm.expectRevert();
        market.provePossession(customer.addr, node.addr, period, noise);
    }

    function test_5_2_challenges_per_period_are_five() public pure {
        vm.assertEq(Possession.CHALLENGES, 5);
    }
}
