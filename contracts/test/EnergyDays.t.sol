// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnergyDays} from "../src/libraries/EnergyDays.sol";
import {EnergyFaults} from "../src/libraries/EnergyFaults.sol";
import {Base} from "./support/Base.sol";

contract EnergyDaysTest is Base {
    bytes32 private constant COMMUNITY = bytes32(uint256(0xc0));
    EnergyFaults.Tariff private tariff = EnergyFaults.Tariff(300_000, 80_000);

    function standsIn(
        bytes32 root,
        uint256 count,
        uint256 index,
        bytes32 leaf,
        bytes32[] calldata proof
    ) external pure returns (bool) {
        return EnergyDays.standsIn(root, count, index, leaf, proof);
    }

    /// The tree as it is described: pair by pair, a node without a neighbour rises. Proofs are collected on the way.
    function prove(bytes32[] memory level, uint256 index) private pure returns (bytes32 root, bytes32[] memory proof) {
        bytes32[] memory found = new bytes32[](32);
        uint256 used;
        while (level.length > 1) {
            bytes32[] memory above = new bytes32[]((level.length + 1) / 2);
            for (uint256 i; i < above.length; ++i) {
                bool alone = 2 * i + 1 == level.length;
                above[i] = alone ? level[2 * i] : keccak256(bytes.concat(level[2 * i], level[2 * i + 1]));
            }
            uint256 neighbour = index % 2 == 0 ? index + 1 : index - 1;
            if (neighbour < level.length) found[used++] = level[neighbour];
            (level, index) = (above, index / 2);
        }
        proof = new bytes32[](used);
        for (uint256 i; i < used; ++i) proof[i] = found[i];
        return (level[0], proof);
    }

    function testFuzz_a_leaf_stands_at_its_place_and_at_no_other(
        uint256 seed,
        uint256 count,
        uint256 index
    ) public view {
        count = bound(count, 1, 60);
        index = bound(index, 0, count - 1);
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i; i < count; ++i) leaves[i] = keccak256(abi.encode(seed, i));
        (bytes32 root, bytes32[] memory proof) = prove(leaves, index);
        for (uint256 i; i < count + 2; ++i) {
            vm.assertTrue(this.standsIn(root, count, i, leaves[index], proof) == (i == index));
        }
        vm.assertFalse(this.standsIn(root, count, index, keccak256("other"), proof));
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        for (uint256 i; i < proof.length; ++i) longer[i] = proof[i];
        vm.assertFalse(this.standsIn(root, count, index, leaves[index], longer));
        if (proof.length == 0) return;
        bytes32[] memory shorter = new bytes32[](proof.length - 1);
        for (uint256 i; i < shorter.length; ++i) shorter[i] = proof[i];
        vm.assertFalse(this.standsIn(root, count, index, leaves[index], shorter));
    }

    /// The same figures as in roles/energy/protocol/settlement/solidity-vectors.test.ts.
    function test_leaves_are_those_that_TypeScript_writes() public pure {
        EnergyDays.Header memory header = vectorHeader();
        EnergyDays.Entry memory entry = vectorEntry();
        bytes32 total = EnergyDays.leafOf(
            bytes32(uint256(7)),
            EnergyDays.Total(address(0xb0b), -5e18, 3, bytes32(uint256(9)))
        );
        vm.assertEq(EnergyDays.leafOf(header), 0x1eb2487982c9b9988439b0d25223546c1b9e0a133a0b0cc439ae30a80828a611);
        vm.assertEq(
            EnergyDays.leafOf(header.slotKey, entry),
            0x4e17620685f7f9bab16898d189d4d52ab8a748ec226db12b9e9e6b82659d8c5e
        );
        vm.assertEq(total, 0xe3dd46723940105d50b17b809e6c68a6bc51e8b7d5022238069969bb9becf1a4);
        vm.assertEq(
            EnergyDays.rootOf(bytes32(uint256(7)), total, 4, 3, 2),
            0x159319a86038d15c306814ce3736782f03a850b5025ed22687331878b12bab95
        );
    }

    function test_keys_name_chain_contract_community_slot_and_day() public {
        bytes32 slot = EnergyDays.slotKey(COMMUNITY, 5);
        bytes32 day = EnergyDays.dayKey(COMMUNITY, 5);
        vm.assertEq(slot, keccak256(abi.encode(block.chainid, address(this), COMMUNITY, 5)));
        vm.assertEq(day, keccak256(abi.encode(block.chainid, address(this), COMMUNITY, 5, 1)));
        vm.chainId(block.chainid + 1);
        vm.assertTrue(EnergyDays.slotKey(COMMUNITY, 5) != slot);
        vm.assertTrue(EnergyDays.dayKey(COMMUNITY, 5) != day);
    }

    function vectorHeader() private pure returns (EnergyDays.Header memory) {
        return
            EnergyDays.Header({
                slotKey: bytes32(uint256(1)),
                settler: address(0xabc),
                bookRoot: bytes32(uint256(2)),
                orderCount: 3,
                firstEntry: 4,
                priceGweiPerWh: 200_000,
                tradedWh: 300,
                deliveredWh: 240,
                takenWh: 300,
                signatureHash: bytes32(uint256(5)),
                salt: bytes32(uint256(6))
            });
    }

    function vectorEntry() private pure returns (EnergyDays.Entry memory) {
        return
            EnergyDays.Entry({
                line: EnergyDays.Line(bytes32(uint256(11)), address(0xb0b), 1, 260_000, 200, 200, bytes32(uint256(12))),
                sums: EnergyDays.Sums(0, 300, bytes32(uint256(13))),
                measure: EnergyDays.Measure(200, bytes32(uint256(14)), -28e15, bytes32(uint256(15))),
                run: EnergyDays.Run(240, 0, -1e18, 2, bytes32(uint256(16)))
            });
    }

    function test_a_trade_comes_to_what_TypeScript_says() public view {
        vm.assertTrue(EnergyFaults.netWei(vectorHeader(), vectorEntry(), tariff) == -28e15);
    }

    /// A slot of a few sellers and buyers: what each gets sums to nothing, and nobody pays more than was set aside for him.
    function testFuzz_7_5_energy_sold_that_never_comes(uint256 seed, uint256 count, uint32 price) public view {
        price = uint32(bound(price, tariff.feedInGweiPerWh, tariff.retailGweiPerWh));
        (EnergyDays.Header memory header, EnergyDays.Entry[] memory entries) = makeSlot(
            seed,
            bound(count, 1, 8),
            price
        );
        int256 sum;
        for (uint256 i; i < entries.length; ++i) {
            int256 net = EnergyFaults.netWei(header, entries[i], tariff);
            sum += net;
            uint256 perWh = entries[i].line.side == 1 ? 300_000 : 220_000;
            vm.assertTrue(net >= -int256(perWh * entries[i].line.filledWh * 1e9));
            if (i + 1 < entries.length) vm.assertFalse(EnergyFaults.breaksBetween(entries[i], entries[i + 1]));
        }
        vm.assertTrue(sum == 0);
        vm.assertFalse(EnergyFaults.breaksAtTheStart(entries[0]));
        vm.assertFalse(EnergyFaults.breaksAtTheEnd(header, entries[entries.length - 1]));
    }

    /// `pairs` sales, each bought by one; sides alternate, so every sum has something before it.
    function makeSlot(
        uint256 seed,
        uint256 pairs,
        uint32 price
    ) private pure returns (EnergyDays.Header memory header, EnergyDays.Entry[] memory entries) {
        entries = new EnergyDays.Entry[](2 * pairs);
        EnergyDays.Sums memory sums;
        EnergyDays.Run memory run;
        for (uint256 i; i < entries.length; ++i) {
            uint32 filled = uint32(uint256(keccak256(abi.encode(seed, i / 2))) % 1000);
            uint32 measured = uint32(uint256(keccak256(abi.encode(seed, "measured", i))) % 1200);
            entries[i].line = EnergyDays.Line(
                bytes32(i + 1),
                address(uint160(i)),
                uint8(i % 2),
                price,
                filled,
                filled,
                0
            );
            entries[i].measure.measuredWh = measured;
            entries[i].sums = EnergyDays.Sums(sums.boughtBeforeWh, sums.soldBeforeWh, 0);
            entries[i].run = EnergyDays.Run(run.deliveredBeforeWh, run.takenBeforeWh, 0, 0, 0);
            uint64 kept = measured < filled ? measured : filled;
            if (i % 2 == 0) {
                sums.soldBeforeWh += filled;
                run.deliveredBeforeWh += kept;
            } else {
                sums.boughtBeforeWh += filled;
                run.takenBeforeWh += kept;
            }
        }
        header.priceGweiPerWh = price;
        (header.tradedWh, header.deliveredWh, header.takenWh) = (
            sums.soldBeforeWh,
            run.deliveredBeforeWh,
            run.takenBeforeWh
        );
    }

    function test_7_4_an_order_better_than_the_price_is_left_unfilled() public pure {
        EnergyDays.Header memory header = vectorHeader();
        EnergyDays.Line memory line = vectorEntry().line;
        vm.assertFalse(EnergyFaults.isBetterUnfilled(header, line));
        line.filledWh = 199;
        vm.assertTrue(EnergyFaults.isBetterUnfilled(header, line));
        line.limitGweiPerWh = 200_000;
        vm.assertFalse(EnergyFaults.isBetterUnfilled(header, line));
        (line.side, line.limitGweiPerWh) = (0, 199_999);
        vm.assertTrue(EnergyFaults.isBetterUnfilled(header, line));
        line.limitGweiPerWh = 200_000;
        vm.assertFalse(EnergyFaults.isBetterUnfilled(header, line));
        (line.limitGweiPerWh, header.tradedWh) = (1, 0);
        vm.assertFalse(EnergyFaults.isBetterUnfilled(header, line));
    }

    function test_7_4_an_order_is_filled_outside_its_limit() public view {
        EnergyDays.Header memory header = vectorHeader();
        EnergyDays.Line memory line = vectorEntry().line;
        vm.assertFalse(EnergyFaults.isOutsideLimit(header, line, tariff));
        line.limitGweiPerWh = 199_999;
        vm.assertTrue(EnergyFaults.isOutsideLimit(header, line, tariff));
        line.side = 0;
        vm.assertFalse(EnergyFaults.isOutsideLimit(header, line, tariff));
        line.limitGweiPerWh = 200_001;
        vm.assertTrue(EnergyFaults.isOutsideLimit(header, line, tariff));
        line.filledWh = 0;
        vm.assertFalse(EnergyFaults.isOutsideLimit(header, line, tariff));
        line.filledWh = 201;
        vm.assertTrue(EnergyFaults.isOutsideLimit(header, line, tariff));
        (line.filledWh, line.limitGweiPerWh, header.priceGweiPerWh) = (1, 0, 300_001);
        vm.assertTrue(EnergyFaults.isOutsideLimit(header, line, tariff));
        header.priceGweiPerWh = 79_999;
        vm.assertTrue(EnergyFaults.isOutsideLimit(header, line, tariff));
    }

    function test_7_4_a_friend_is_preferred_at_the_margin() public pure {
        EnergyDays.Line memory lower = vectorEntry().line;
        EnergyDays.Line memory higher = vectorEntry().line;
        higher.orderHash = bytes32(uint256(99));
        vm.assertFalse(EnergyFaults.isUnfairAtTheMargin(lower, higher));
        lower.filledWh = 5;
        vm.assertTrue(EnergyFaults.isUnfairAtTheMargin(lower, higher));
        vm.assertFalse(EnergyFaults.isUnfairAtTheMargin(higher, lower));
        higher.filledWh = 0;
        vm.assertFalse(EnergyFaults.isUnfairAtTheMargin(lower, higher));
        (higher.filledWh, higher.limitGweiPerWh) = (1, 1);
        vm.assertFalse(EnergyFaults.isUnfairAtTheMargin(lower, higher));
        (higher.limitGweiPerWh, higher.side) = (lower.limitGweiPerWh, 0);
        vm.assertFalse(EnergyFaults.isUnfairAtTheMargin(lower, higher));
    }

    function testFuzz_7_4_sums_that_do_not_follow(uint256 seed, uint8 which, uint8 place) public pure {
        (EnergyDays.Header memory header, EnergyDays.Entry[] memory entries) = makeSlot(seed, 4, 200_000);
        uint256 second = 1 + (place % 7);
        EnergyDays.Entry memory one = entries[second];
        if (which % 5 == 0) ++one.sums.boughtBeforeWh;
        else if (which % 5 == 1) ++one.sums.soldBeforeWh;
        else if (which % 5 == 2) ++one.run.deliveredBeforeWh;
        else if (which % 5 == 3) ++one.run.takenBeforeWh;
        else one.line.orderHash = entries[second - 1].line.orderHash;
        vm.assertTrue(EnergyFaults.breaksBetween(entries[second - 1], one));
        EnergyDays.Entry memory first = entries[0];
        if (which % 4 == 0) first.sums.boughtBeforeWh = 1;
        else if (which % 4 == 1) first.sums.soldBeforeWh = 1;
        else if (which % 4 == 2) first.run.deliveredBeforeWh = 1;
        else first.run.takenBeforeWh = 1;
        vm.assertTrue(EnergyFaults.breaksAtTheStart(first));
        (, EnergyDays.Entry[] memory honest) = makeSlot(seed, 4, 200_000);
        if (which % 3 == 0) ++header.tradedWh;
        else if (which % 3 == 1) ++header.deliveredWh;
        else ++header.takenWh;
        vm.assertTrue(EnergyFaults.breaksAtTheEnd(header, honest[7]));
        honest[7].line.filledWh += 1;
        (header, ) = makeSlot(seed, 4, 200_000);
        vm.assertTrue(EnergyFaults.breaksAtTheEnd(header, honest[7]));
    }

    function testFuzz_shares_sum_to_the_whole_and_never_exceed_a_weight(uint256 seed, uint256 amount) public pure {
        uint256 all;
        uint256[6] memory weights;
        for (uint256 i; i < 6; ++i) all += weights[i] = uint256(keccak256(abi.encode(seed, i))) % 1000;
        amount = bound(amount, 0, all);
        uint256 before;
        uint256 sum;
        for (uint256 i; i < 6; ++i) {
            uint256 share = EnergyFaults.shareOf(amount, before, weights[i], all);
            vm.assertTrue(share <= weights[i]);
            (before, sum) = (before + weights[i], sum + share);
        }
        vm.assertEq(sum, all == 0 ? 0 : amount);
        vm.assertEq(EnergyFaults.shareOf(amount, 0, 0, 0), 0);
    }
}
