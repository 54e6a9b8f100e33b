// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IStorageMarket} from "../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../src/libraries/DataSets.sol";
import {Possession} from "../src/libraries/Possession.sol";
import {Fixture} from "./support/Fixture.sol";
import {Wallet} from "./support/Base.sol";
import {Trees} from "./support/Trees.sol";

contract StorageMarketTest is Fixture {
    function setOf() private view returns (IStorageMarket.SetView memory) {
        return market.dataSet(customer.addr, node.addr);
    }

    function rateOf(uint256 leaves) private pure returns (uint256) {
        return (leaves * PRICE) >> 25;
    }

    // Adding

    function test_pieces_count_from_the_next_period() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 10, 8), 1e20);
        IStorageMarket.SetView memory set = setOf();
        vm.assertEq(set.operator, operator.addr);
        vm.assertEq(set.pieceCount, 10);
        vm.assertEq(set.leafCount, 80);
        vm.assertEq(set.frozenLeafCount, 0);
        vm.assertEq(set.rateWei, rateOf(80));
        vm.assertEq(set.escrowWei, 1e20);
        vm.assertEq(set.firstPeriod, currentPeriod() + 1);
        vm.assertEq(set.sequence, 1);
        nextPeriod();
        vm.assertEq(setOf().frozenLeafCount, 80);
    }

    function test_adding_refuses_nothing_wrong_sequence_expiry_and_forgery() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.startPrank(customer.addr);
        vm.expectRevert(IStorageMarket.NoPieces.selector);
        market.addPieces(node.addr, new IStorageMarket.Piece[](0), acceptance, signature, 1e20);
        acceptance.sequence = 1;
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SequenceWrong.selector, 1, 0));
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        acceptance.sequence = 0;
        Wallet memory forger = Wallet(node.addr, 0, 0, operator.privateKey);
        bytes memory forged = signAcceptance(forger, customer.addr, pieces, acceptance);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AcceptanceInvalid.selector, node.addr, operator.addr));
        market.addPieces(node.addr, pieces, acceptance, forged, 1e20);
        vm.warp(acceptance.expiry + 1);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AcceptanceExpired.selector, acceptance.expiry));
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        vm.stopPrank();
    }

    function test_adding_refuses_unbound_and_revoked_nodes() public {
        fund(customer.addr, 1e24);
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeUnknown.selector, node.addr));
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        authorize(operator, node, 0);
        revoke(operator, node.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, node.addr));
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
    }

    function test_adding_needs_thirty_periods_of_escrow() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 10, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        uint256 needed = rateOf(80) * 30;
        vm.startPrank(customer.addr);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.EscrowTooSmall.selector, needed - 1, needed));
        market.addPieces(node.addr, pieces, acceptance, signature, needed - 1);
        market.addPieces(node.addr, pieces, acceptance, signature, needed);
        vm.stopPrank();
    }

    function addOne(uint256 lengthBytes, uint96 price, bytes memory refusal) private {
        IStorageMarket.Piece[] memory pieces = new IStorageMarket.Piece[](1);
        pieces[0] = IStorageMarket.Piece(keccak256("root"), uint32(lengthBytes));
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(sequenceOf(customer.addr, node.addr));
        acceptance.pricePerGiBPeriodWei = price;
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        if (refusal.length != 0) vm.expectRevert(refusal);
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
    }

    function test_adding_refuses_lengths_sizes_and_rates_that_do_not_fit() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e26 / 2);
        addOne(0, PRICE, abi.encodeWithSelector(DataSets.PieceLengthInvalid.selector, 0));
        addOne(1 << 31, PRICE, abi.encodeWithSelector(DataSets.PieceLengthInvalid.selector, 1 << 31));
        uint256 leaves = (1 << 31) / 32;
        uint256 rate = (leaves * uint256(type(uint96).max)) >> 25;
        addOne((1 << 31) - 1, type(uint96).max, abi.encodeWithSelector(DataSets.RateTooHigh.selector, rate));
        for (uint256 i; i < 63; ++i) addOne((1 << 31) - 1, 1, "");
        addOne((1 << 31) - 1, 1, abi.encodeWithSelector(DataSets.SetFull.selector, 1 << 32));
    }

    // Proving

    function test_proof_pays_the_period_and_burns_a_twentieth() public {
        uint256 period = startSet();
        prove(period);
        uint256 rate = rateOf(80);
        vm.assertEq(setOf().escrowWei, 1e20 - rate);
        vm.assertEq(setOf().lastProven, period);
        vm.assertEq(payments.earningsOf(operator.addr).feeBurnedWei, (rate + 19) / 20);
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, rate - (rate + 19) / 20);
    }

    function testFuzz_proofs_open_trees_of_any_size(uint256 leafCount, uint256 count) public {
        (leafCount, count) = (bound(leafCount, 1, 12), bound(count, 1, 70));
        authorize(operator, node, 0);
        fund(customer.addr, 1e25);
        addPieces(piecesOf(7, count, leafCount), 1e24);
        uint256 period = nextPeriod();
        bytes memory proof = proofOf(7, leafCount, period);
        market.provePossession(customer.addr, node.addr, period, proof);
        vm.assertEq(setOf().lastProven, period);
    }

    function testFuzz_a_flipped_bit_anywhere_is_refused(uint256 bit) public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        bit = bound(bit, 0, proof.length * 8 - 1);
        proof[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        vm.expectRevert(Possession.ProofWrong.selector);
        this.submit(period, proof);
    }

    function submit(uint256 period, bytes calldata proof) external {
        (bool done, bytes memory answer) = address(market).call(
            abi.encodeCall(market.provePossession, (customer.addr, node.addr, period, proof))
        );
        if (done) return;
        bytes4 selector = bytes4(answer);
        assembly {
            mstore(0, selector)
            revert(0, 4)
        }
    }

    function testFuzz_proofs_of_another_length_are_refused(uint256 length) public {
        uint256 period = startSet();
        bytes memory whole = proofOf(0, 8, period);
        length = bound(length, 0, whole.length + 64);
        vm.assume(length != whole.length);
        bytes memory cut = new bytes(length);
        for (uint256 i; i < length && i < whole.length; ++i) cut[i] = whole[i];
        vm.expectRevert(Possession.ProofLengthWrong.selector);
        this.submit(period, cut);
    }

    function test_proof_refuses_other_periods_unknown_sets_and_repeats() public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.PeriodNotCurrent.selector, period + 1, period));
        market.provePossession(customer.addr, node.addr, period + 1, proof);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageMarket.SetNotActive.selector, operator.addr, node.addr, DataSets.State.None)
        );
        market.provePossession(operator.addr, node.addr, period, proof);
        market.provePossession(customer.addr, node.addr, period, proof);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AlreadyProven.selector, period));
        market.provePossession(customer.addr, node.addr, period, proof);
    }

    function test_proof_waits_for_the_seed() public {
        startSet();
        uint256 period = openNextPeriod();
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SeedMissing.selector, period * 3));
        market.provePossession(customer.addr, node.addr, period, "");
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SeedMissing.selector, period * 3));
        market.challengesOf(customer.addr, node.addr, period);
    }

    function test_first_period_of_a_set_has_nothing_to_prove() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        uint256 period = nextPeriod();
        addPieces(piecesOf(0, 10, 8), 1e20);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.NothingToProve.selector, period));
        market.provePossession(customer.addr, node.addr, period, "");
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.NothingToProve.selector, period));
        market.challengesOf(customer.addr, node.addr, period);
    }

    function test_many_sets_are_proven_at_once_and_proven_ones_are_skipped() public {
        uint256 period = startSet();
        IStorageMarket.SetProof[] memory sets = new IStorageMarket.SetProof[](2);
        sets[0] = IStorageMarket.SetProof(customer.addr, proofOf(0, 8, period));
        sets[1] = sets[0];
        market.proveMany(node.addr, period, sets);
        market.proveMany(node.addr, period, sets);
        vm.assertEq(setOf().escrowWei, 1e20 - rateOf(80));
    }

    function test_pieces_added_in_a_period_do_not_change_what_it_asks() public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        addPieces(piecesOf(10, 5, 8), 1e20);
        vm.assertEq(setOf().frozenLeafCount, 80);
        market.provePossession(customer.addr, node.addr, period, proof);
        vm.assertEq(payments.earningsOf(operator.addr).earnedWei, rateOf(80) - (rateOf(80) + 19) / 20);
        period = nextPeriod();
        vm.assertEq(setOf().frozenLeafCount, 120);
        prove(period);
    }

    // Faults

    function test_first_two_faults_cost_the_pay_and_the_third_one_percent() public {
        stake(operator.addr, 1000e18);
        uint256 period = startSet();
        for (uint256 missed; missed < 3; ++missed) nextPeriod();
        market.settle(customer.addr, node.addr);
        vm.assertEq(setOf().faults, 3);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 990e18);
        vm.assertEq(setOf().escrowWei, 1e20);
        period = nextPeriod();
        prove(period);
        vm.assertEq(setOf().faults, 4);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 980.1e18);
    }

    function test_faults_far_apart_are_never_slashed() public {
        stake(operator.addr, 1000e18);
        prove(startSet());
        vm.prank(customer.addr);
        market.topUp(customer.addr, node.addr, 1e21);
        for (uint256 i; i < 4; ++i) {
            nextPeriod();
            for (uint256 j; j < 16; ++j) prove(nextPeriod());
        }
        vm.assertEq(setOf().faults, 4);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 1000e18);
    }

    function test_settling_waits_until_the_next_seed_decides() public {
        uint256 period = startSet();
        openNextPeriod();
        market.settle(customer.addr, node.addr);
        vm.assertEq(setOf().faults, 0);
        capture(period + 1);
        market.settle(customer.addr, node.addr);
        market.settle(customer.addr, node.addr);
        vm.assertEq(setOf().faults, 1);
    }

    function test_settling_refuses_unknown_sets() public {
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SetUnknown.selector, customer.addr, node.addr));
        market.settle(customer.addr, node.addr);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.SetUnknown.selector, customer.addr, node.addr));
        market.dataSet(customer.addr, node.addr);
    }

    function test_faults_that_nobody_books_in_the_window_lapse() public {
        startSet();
        for (uint256 i; i < 50; ++i) nextPeriod();
        market.settle(customer.addr, node.addr);
        vm.assertEq(setOf().faults, 30);
    }

    // Escrow and end

    function test_set_ends_when_its_escrow_is_spent_and_anyone_clears_it() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 10, 8), rateOf(80) * 30 + 1);
        for (uint256 i; i < 31; ++i) prove(nextPeriod());
        vm.assertEq(uint256(setOf().state), uint256(DataSets.State.Ended));
        vm.assertEq(setOf().escrowWei, 0);
        uint256 period = nextPeriod();
        vm.expectRevert(
            abi.encodeWithSelector(IStorageMarket.SetNotActive.selector, customer.addr, node.addr, DataSets.State.Ended)
        );
        market.provePossession(customer.addr, node.addr, period, "");
        market.settle(customer.addr, node.addr);
        uint256 possibleAt = setOf().endedAt + CLEAR_DELAY;
        vm.warp(possibleAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.TooEarlyToClear.selector, possibleAt));
        market.clear(customer.addr, node.addr, 10);
        vm.warp(possibleAt);
        market.clear(customer.addr, node.addr, 4);
        vm.assertEq(setOf().pieceCount, 6);
        market.clear(customer.addr, node.addr, 100);
        vm.assertEq(uint256(setOf().state), uint256(DataSets.State.None));
        addPieces(piecesOf(20, 3, 8), 1e20);
        vm.assertEq(setOf().leafCount, 24);
        vm.assertEq(market.dataSetCountOfNode(node.addr), 1);
        period = nextPeriod();
        market.provePossession(customer.addr, node.addr, period, proofOf(20, 8, period));
    }

    function test_clearing_refuses_active_sets() public {
        startSet();
        vm.expectRevert(
            abi.encodeWithSelector(
                IStorageMarket.SetNotActive.selector,
                customer.addr,
                node.addr,
                DataSets.State.Active
            )
        );
        market.clear(customer.addr, node.addr, 10);
    }

    function testFuzz_anyone_tops_up(uint256 amount) public {
        startSet();
        amount = bound(amount, 0, 1e24);
        fund(operator.addr, 1e24);
        vm.prank(operator.addr);
        market.topUp(customer.addr, node.addr, amount);
        vm.assertEq(setOf().escrowWei, 1e20 + amount);
        vm.expectRevert(
            abi.encodeWithSelector(IStorageMarket.SetNotActive.selector, operator.addr, node.addr, DataSets.State.None)
        );
        market.topUp(operator.addr, node.addr, amount);
    }

    function test_dropped_set_owes_the_running_period_and_returns_the_rest() public {
        uint256 period = startSet();
        vm.prank(customer.addr);
        market.drop(node.addr);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.StillOwed.selector, period));
        market.finish(customer.addr, node.addr);
        prove(period);
        uint256 before = token.balanceOf(customer.addr);
        nextPeriod();
        market.finish(customer.addr, node.addr);
        vm.assertEq(token.balanceOf(customer.addr), before + 1e20 - rateOf(80));
        vm.assertEq(uint256(setOf().state), uint256(DataSets.State.Ended));
        vm.expectRevert(
            abi.encodeWithSelector(IStorageMarket.SetNotActive.selector, customer.addr, node.addr, DataSets.State.Ended)
        );
        market.finish(customer.addr, node.addr);
    }

    function test_nothing_is_added_to_a_dropped_set() public {
        startSet();
        vm.prank(customer.addr);
        market.drop(node.addr);
        IStorageMarket.Piece[] memory pieces = piecesOf(20, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(1);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.expectRevert(
            abi.encodeWithSelector(
                IStorageMarket.SetNotActive.selector,
                customer.addr,
                node.addr,
                DataSets.State.Dropping
            )
        );
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
    }

    function test_empty_set_owes_nothing() public {
        prove(startSet());
        uint256[] memory all = new uint256[](10);
        for (uint256 i; i < 10; ++i) all[i] = i;
        vm.prank(customer.addr);
        market.removePieces(node.addr, all);
        nextPeriod();
        nextPeriod();
        market.settle(customer.addr, node.addr);
        vm.assertEq(setOf().faults, 0);
        vm.assertEq(setOf().rateWei, 0);
    }

    // Removal

    function removal(uint256 a, uint256 b) private pure returns (uint256[] memory indices) {
        indices = new uint256[](2);
        (indices[0], indices[1]) = (a, b);
    }

    function test_removal_takes_effect_next_period() public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        vm.prank(customer.addr);
        market.removePieces(node.addr, removal(0, 9));
        vm.assertEq(market.piecesOf(customer.addr, node.addr, 0, 1)[0].leafCount, 8);
        market.provePossession(customer.addr, node.addr, period, proof);
        period = nextPeriod();
        vm.assertEq(setOf().frozenLeafCount, 64);
        vm.assertEq(setOf().frozenRateWei, rateOf(80) - rateOf(80) / 10 - (rateOf(80) - rateOf(80) / 10) / 9);
        IStorageMarket.PieceView memory gone = market.piecesOf(customer.addr, node.addr, 0, 1)[0];
        vm.assertTrue(gone.removed);
        vm.assertEq(gone.leafCount, 0);
        vm.assertEq(gone.lengthBytes, 256);
        // Without the first piece every leaf moved down by one piece.
        bytes memory shifted = proofOf(1, 8, period);
        market.provePossession(customer.addr, node.addr, period, shifted);
    }

    function test_removal_refuses_unknown_and_removed_pieces_and_too_many() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e25);
        addPieces(piecesOf(0, 70, 1), 1e24);
        vm.startPrank(customer.addr);
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceUnknown.selector, 70));
        market.removePieces(node.addr, removal(0, 70));
        vm.expectRevert(abi.encodeWithSelector(DataSets.PieceRemovedAlready.selector, 3));
        market.removePieces(node.addr, removal(3, 3));
        uint256[] memory many = new uint256[](65);
        for (uint256 i; i < 65; ++i) many[i] = i;
        vm.expectRevert(abi.encodeWithSelector(DataSets.TooManyRemovals.selector, 64));
        market.removePieces(node.addr, many);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(IStorageMarket.SetNotActive.selector, address(this), node.addr, DataSets.State.None)
        );
        market.removePieces(node.addr, many);
    }

    function testFuzz_removals_and_additions_keep_leaves_provable(uint256 seed) public {
        startSet();
        bool[30] memory gone;
        uint256 count = 10;
        for (uint256 round; round < 4; ++round) {
            uint256[] memory one = new uint256[](1);
            one[0] = uint256(keccak256(abi.encode(seed, round))) % count;
            if (!gone[one[0]]) {
                gone[one[0]] = true;
                vm.prank(customer.addr);
                market.removePieces(node.addr, one);
            }
            addPieces(piecesOf(count, 2, 8), 1e20);
            count += 2;
            uint256 period = nextPeriod();
            uint256[] memory leaves = market.challengesOf(customer.addr, node.addr, period);
            bytes memory proof;
            for (uint256 i; i < leaves.length; ++i) {
                uint256 piece;
                uint256 rest = leaves[i];
                while (gone[piece] || rest >= 8) {
                    if (!gone[piece]) rest -= 8;
                    ++piece;
                }
                proof = abi.encodePacked(proof, Trees.proofOf(piece, 8, rest));
            }
            market.provePossession(customer.addr, node.addr, period, proof);
        }
    }

    // Readers

    function testFuzz_pages_of_pieces_cover_the_set(uint256 from, uint256 count) public {
        startSet();
        (from, count) = (bound(from, 0, 12), bound(count, 0, 12));
        IStorageMarket.PieceView[] memory page = market.piecesOf(customer.addr, node.addr, from, count);
        uint256 expected = from >= 10 ? 0 : (count > 10 - from ? 10 - from : count);
        vm.assertEq(page.length, expected);
        for (uint256 i; i < expected; ++i) {
            vm.assertEq(page[i].root, Trees.rootOf(from + i, 8));
            vm.assertEq(page[i].leafCount, 8);
        }
    }

    function test_sets_are_listed_by_node_and_by_customer() public {
        startSet();
        vm.assertEq(market.dataSetsOfNode(node.addr, 0, 10).length, 1);
        vm.assertEq(market.dataSetsOfNode(node.addr, 1, 10).length, 0);
        vm.assertEq(market.dataSetsOfCustomer(customer.addr, 0, 10)[0].node, node.addr);
        vm.assertEq(market.dataSetCountOfCustomer(customer.addr), 1);
        (uint96 price, uint64 retrieval) = market.termsOf(customer.addr, node.addr);
        vm.assertEq(price, PRICE);
        vm.assertEq(retrieval, 1000);
        vm.assertEq(market.timing().periodSeconds, PERIOD);
        vm.assertEq(market.setIdOf(customer.addr, node.addr), keccak256(abi.encode(customer.addr, node.addr)));
        vm.assertEq(market.setIdOf(customer.addr, node.addr), setOf().setId);
    }
}
