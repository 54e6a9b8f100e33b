// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEnergyMarket} from "../src/interfaces/IEnergyMarket.sol";
import {EnergyFixture} from "./support/EnergyFixture.sol";

/// @notice What a settlement can be caught at (PROTOCOL 7.4): each fault proven on a day that has it, and not on an honest one.
contract EnergyFaultsTest is EnergyFixture {
    IEnergyMarket.SlotFault private constant LEFT_OUT = IEnergyMarket.SlotFault.OrderLeftOut;
    IEnergyMarket.SlotFault private constant UNFILLED = IEnergyMarket.SlotFault.BetterOrderUnfilled;
    IEnergyMarket.SlotFault private constant OUTSIDE = IEnergyMarket.SlotFault.FillOutsideLimit;
    IEnergyMarket.SlotFault private constant ORDER = IEnergyMarket.SlotFault.BookOutOfOrder;
    IEnergyMarket.SlotFault private constant BREAK = IEnergyMarket.SlotFault.SumsBreak;
    IEnergyMarket.SlotFault private constant END = IEnergyMarket.SlotFault.SumsEndElsewhere;
    IEnergyMarket.NodeFault private constant CHAIN = IEnergyMarket.NodeFault.ChainBreaks;
    IEnergyMarket.NodeFault private constant TOTAL = IEnergyMarket.NodeFault.TotalDiffers;

    uint32 private day;

    function setUp() public override {
        super.setUp();
        day = today();
        honestDay(day);
    }

    function over() private {
        signBook(day);
        IEnergyMarket.Net[] memory nets = netsOf();
        dayIsOver();
        settle(day, nets);
    }

    function proveSlot(IEnergyMarket.SlotFault kind, IEnergyMarket.Entry[] memory list) private {
        energyMarket.proveSlotFault(dayOf(day), kind, headerOf(day), list, noEvidence());
    }

    function notProven(IEnergyMarket.SlotFault kind, IEnergyMarket.Entry[] memory list) private {
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Header memory head) = (dayOf(day), headerOf(day));
        IEnergyMarket.Evidence memory evidence = noEvidence();
        vm.expectRevert(IEnergyMarket.FaultNotProven.selector);
        energyMarket.proveSlotFault(claimed, kind, head, list, evidence);
    }

    function nodeNotProven(IEnergyMarket.NodeFault kind, IEnergyMarket.Entry[] memory list) private {
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Total memory total) = (dayOf(day), totalOf(day, 1));
        vm.expectRevert(IEnergyMarket.FaultNotProven.selector);
        energyMarket.proveNodeFault(claimed, kind, total, list);
    }

    function test_7_4_an_honest_day_cannot_be_faulted() public {
        over();
        notProven(UNFILLED, entries(day, 1));
        notProven(OUTSIDE, entries(day, 1));
        notProven(ORDER, entries(day, 0, 1));
        notProven(ORDER, entries(day, 0, 2));
        notProven(BREAK, entries(day, 0, 1));
        notProven(BREAK, entries(day, 1, 2));
        notProven(END, entries(day, 2));
        notProven(END, entries(day, 1));
        nodeNotProven(CHAIN, entries(day, 1));
        nodeNotProven(CHAIN, entries(day, 1, 0));
        nodeNotProven(TOTAL, entries(day, 1));
        nodeNotProven(TOTAL, entries(day, 0));
        nodeNotProven(TOTAL, noEntries());
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Total memory total) = (dayOf(day), totalOf(day, 1));
        IEnergyMarket.Net[] memory nets = netsOf();
        vm.expectRevert(IEnergyMarket.FaultNotProven.selector);
        energyMarket.provePostedFault(claimed, total, nets);
        nets[1].netWei += 1;
        vm.expectRevert(IEnergyMarket.FaultNotProven.selector);
        energyMarket.provePostedFault(claimed, total, nets);
    }

    function leftOut(bytes32 orderHash, IEnergyMarket.Entry[] memory list, bool proven) private {
        IEnergyMarket.Evidence memory evidence = noEvidence();
        (evidence.orderHash, evidence.orderNode) = (orderHash, homes[2].addr);
        evidence.receiptSignature = receiptFor(day, homes[2].addr, orderHash);
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Header memory head) = (dayOf(day), headerOf(day));
        if (!proven) vm.expectRevert(IEnergyMarket.FaultNotProven.selector);
        energyMarket.proveSlotFault(claimed, LEFT_OUT, head, list, evidence);
    }

    function test_7_4_an_order_with_a_receipt_that_is_not_in_the_book_costs_the_settler() public {
        stakeEnergy(owners[1].addr, 50e18);
        over();
        uint256 before = provisionOf(3);
        bytes32 between = bytes32(uint256(15e5));
        leftOut(between, entries(day, 1, 2), false);
        leftOut(between, entries(day, 0), false);
        leftOut(lines[1].orderHash, entries(day, 0, 1), false);
        uint256 id = vm.snapshotState();
        leftOut(bytes32(uint256(1)), entries(day, 0), true);
        vm.revertToState(id);
        leftOut(bytes32(type(uint256).max), entries(day, 2), true);
        vm.revertToState(id);
        leftOut(between, entries(day, 0, 1), true);
        vm.assertEq(provisionOf(3), before - before / 100);
        vm.assertEq(provisionOf(0), 100e18);
    }

    function test_7_4_an_empty_book_leaves_every_order_out() public {
        (figures.orderCount, figures.tradedWh, figures.deliveredWh, figures.takenWh) = (0, 0, 0, 0);
        over();
        leftOut("any", noEntries(), true);
        vm.assertEq(provisionOf(3), 99e18);
    }

    function test_7_4_a_receipt_of_another_counts_for_nothing() public {
        over();
        IEnergyMarket.Evidence memory evidence = noEvidence();
        (evidence.orderHash, evidence.orderNode) = (bytes32(uint256(15e5)), homes[2].addr);
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Header memory head) = (dayOf(day), headerOf(day));
        IEnergyMarket.Entry[] memory list = entries(day, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.SignatureInvalid.selector, homes[3].addr, address(0)));
        energyMarket.proveSlotFault(claimed, LEFT_OUT, head, list, evidence);
    }

    function test_7_4_an_order_better_than_the_price_is_left_unfilled() public {
        lines[1].filledWh = 59;
        over();
        proveSlot(UNFILLED, entries(day, 1));
        vm.assertEq(provisionOf(3), 99e18);
    }

    function test_7_4_a_seller_below_the_price_is_left_unfilled() public {
        lines[0].filledWh = 99;
        over();
        proveSlot(UNFILLED, entries(day, 0));
        vm.assertEq(provisionOf(3), 99e18);
    }

    function test_7_4_a_fill_goes_beyond_the_order() public {
        lines[1].filledWh = 61;
        lines[2].filledWh = 39;
        over();
        proveSlot(OUTSIDE, entries(day, 1));
        vm.assertEq(provisionOf(3), 99e18);
    }

    function test_7_4_a_fill_lies_outside_the_limit_or_the_tariff() public {
        lines[0].limitGweiPerWh = 210_000;
        lines[1].limitGweiPerWh = 190_000;
        over();
        uint256 id = vm.snapshotState();
        proveSlot(OUTSIDE, entries(day, 0));
        vm.revertToState(id);
        proveSlot(OUTSIDE, entries(day, 1));
        notProven(OUTSIDE, entries(day, 2));
    }

    function test_7_4_a_price_lies_outside_the_tariff() public {
        figures.priceGweiPerWh = RETAIL + 1;
        lines[1].limitGweiPerWh = RETAIL + 1;
        over();
        proveSlot(OUTSIDE, entries(day, 1));
        vm.assertEq(provisionOf(3), 99e18);
    }

    function test_7_4_a_book_stands_out_of_order() public {
        lines[1].orderHash = lines[0].orderHash;
        over();
        proveSlot(ORDER, entries(day, 0, 1));
        vm.assertEq(provisionOf(3), 99e18);
    }

    function test_7_4_running_sums_of_a_slot_break_and_the_poster_is_liable() public {
        runs[2].takenBeforeWh = 61;
        over();
        proveSlot(BREAK, entries(day, 1, 2));
        vm.assertEq(provisionOf(0), 99e18);
        vm.assertEq(provisionOf(3), 100e18);
    }

    function test_7_4_a_slot_ends_in_other_sums_than_its_header() public {
        measures[2].measuredWh = 39;
        over();
        proveSlot(END, entries(day, 2));
        vm.assertEq(provisionOf(0), 99e18);
    }

    function test_7_4_without_the_settlers_word_the_poster_is_liable() public {
        lines[1].filledWh = 59;
        over();
        IEnergyMarket.Evidence memory nothing;
        energyMarket.proveSlotFault(dayOf(day), UNFILLED, headerOf(day), entries(day, 1), nothing);
        vm.assertEq(provisionOf(0), 99e18);
        vm.assertEq(provisionOf(3), 100e18);
    }

    function test_7_4_a_signature_of_something_else_makes_the_poster_liable() public {
        lines[1].filledWh = 59;
        settlerSignature = hex"1234";
        figures.signatureHash = keccak256(settlerSignature);
        IEnergyMarket.Net[] memory nets = netsOf();
        dayIsOver();
        settle(day, nets);
        proveSlot(UNFILLED, entries(day, 1));
        vm.assertEq(provisionOf(0), 99e18);
    }

    function proveNode(IEnergyMarket.NodeFault kind, IEnergyMarket.Entry[] memory list) private {
        energyMarket.proveNodeFault(dayOf(day), kind, totalOf(day, 1), list);
        vm.assertEq(provisionOf(0), 99e18);
    }

    function test_7_4_a_first_entry_claims_something_before_it() public {
        runs[1].nodeNetBeforeWei = 5;
        over();
        proveNode(CHAIN, entries(day, 1));
    }

    function test_7_4_an_entry_names_one_that_stands_behind_it() public {
        runs[1].previousEntry = 2;
        over();
        proveNode(CHAIN, entries(day, 1));
    }

    function test_7_4_an_entry_names_anothers_as_its_previous_one() public {
        runs[1].previousEntry = 1;
        over();
        proveNode(CHAIN, entries(day, 1, 0));
    }

    function test_7_4_a_chain_does_not_add_up_or_passes_an_entry_over() public {
        lines[2].node = lines[1].node;
        (runs[2].previousEntry, runs[2].nodeNetBeforeWei) = (2, measures[1].netWei);
        lastEntry[1] = 3;
        over();
        nodeNotProven(CHAIN, entries(day, 2, 1));
        day = today();
        runs[2].nodeNetBeforeWei -= 1;
        over();
        uint256 id = vm.snapshotState();
        proveNode(CHAIN, entries(day, 2, 1));
        vm.revertToState(id);
        day = today();
        (runs[2].previousEntry, runs[2].nodeNetBeforeWei) = (0, 0);
        over();
        proveNode(CHAIN, entries(day, 2, 1));
    }

    function test_7_4_a_total_is_not_the_end_of_its_chain() public {
        measures[1].netWei -= 7;
        over();
        proveNode(TOTAL, entries(day, 1));
    }

    function test_7_4_a_total_ends_at_anothers_entry_or_before_its_own_last() public {
        lastEntry[1] = 1;
        over();
        uint256 id = vm.snapshotState();
        proveNode(TOTAL, entries(day, 0));
        vm.revertToState(id);
        proveNode(TOTAL, entries(day, 1));
    }

    function test_7_4_a_total_without_entries_claims_something() public {
        lastEntry[1] = 0;
        over();
        proveNode(TOTAL, noEntries());
    }

    function test_7_4_another_sum_is_settled_than_the_record_has() public {
        IEnergyMarket.Net[] memory nets = netsOf();
        nets[1].netWei -= 1;
        nets[0].netWei += 1;
        signBook(day);
        dayIsOver();
        settle(day, nets);
        energyMarket.provePostedFault(dayOf(day), totalOf(day, 1), nets);
        vm.assertEq(provisionOf(0), 99e18);
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Total memory total) = (dayOf(day), totalOf(day, 1));
        bytes32 fault = keccak256(abi.encode(community, day, total.node, "posted"));
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.FaultKnown.selector, fault));
        energyMarket.provePostedFault(claimed, total, nets);
    }

    function test_7_4_openings_must_be_of_that_day_tree_and_place_and_in_time() public {
        over();
        IEnergyMarket.Evidence memory evidence = noEvidence();
        (IEnergyMarket.Day memory claimed, IEnergyMarket.Header memory head) = (dayOf(day), headerOf(day));
        IEnergyMarket.Entry[] memory list = entries(day, 1);
        claimed.day = day + 1;
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.DayUnknown.selector, community, day + 1));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        claimed.day = day;
        ++claimed.tree.nodeCount;
        bytes32 root = energyMarket.dayOf(community, day).root;
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.TreeWrong.selector, root));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        --claimed.tree.nodeCount;
        uint256 first = uint256(day) * SLOTS_PER_DAY;
        head.slot = uint32(first - 1);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, first - 1));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        head.slot = uint32(first + SLOTS_PER_DAY);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, first + SLOTS_PER_DAY));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        head.slot = uint32(first);
        list[0].slot += 1;
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, 1));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        list[0].slot -= 1;
        list[0].index = 3;
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, 3));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        list[0].index = 1;
        list[0].siblings = new bytes32[](0);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, SLOTS_PER_DAY + 1));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
        IEnergyMarket.Total memory total = totalOf(day, 1);
        total.index = 3;
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, 3));
        energyMarket.proveNodeFault(claimed, TOTAL, total, noEntries());
        uint256 until = energyMarket.dayOf(community, day).postedAt + THAW;
        vm.warp(until + 1);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.ChallengeOver.selector, until));
        energyMarket.proveSlotFault(claimed, UNFILLED, head, list, evidence);
    }

    function testFuzz_7_4_any_other_sum_is_proven(int96 change, uint64 measured, uint32 filled) public {
        vm.assume(change != 0);
        measures[1].netWei += change;
        measures[2].measuredWh = measured;
        lines[0].filledWh = uint32(bound(filled, 0, 99));
        over();
        energyMarket.proveNodeFault(dayOf(day), TOTAL, totalOf(day, 1), entries(day, 1));
        energyMarket.proveSlotFault(dayOf(day), UNFILLED, headerOf(day), entries(day, 0), noEvidence());
        if (measured < 40) {
            energyMarket.proveSlotFault(dayOf(day), END, headerOf(day), entries(day, 2), noEvidence());
        }
    }

    function testFuzz_7_4_a_changed_opening_is_no_leaf(uint256 place, uint256 bit) public {
        over();
        IEnergyMarket.Net[] memory nets = netsOf();
        IEnergyMarket.Total memory total = totalOf(day, 1);
        place = bound(place, 0, total.siblings.length - 1);
        total.siblings[place] ^= bytes32(1 << bound(bit, 0, 255));
        IEnergyMarket.Day memory claimed = dayOf(day);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.LeafWrong.selector, SLOTS_PER_DAY + 4));
        energyMarket.provePostedFault(claimed, total, nets);
    }
}
