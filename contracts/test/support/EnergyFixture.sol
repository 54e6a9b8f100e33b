// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEnergyMarket} from "../../src/interfaces/IEnergyMarket.sol";
import {Fixture, Wallet} from "./Fixture.sol";

/// @dev A community of four homes, and days whose trees are built here, apart from the contract's library: slot 0 of a day has three
/// orders (home 0 sells 100 Wh; homes 1 and 2 buy 60 and 40, of whom one or the other is as a test wants it).
abstract contract EnergyFixture is Fixture {
    uint32 internal constant FEED_IN = 80_000;
    uint32 internal constant RETAIL = 300_000;
    uint32 internal constant MARKET_PRICE = 200_000;
    uint256 internal constant HOMES = 4;
    uint256 internal constant LOCK = 1e19;
    uint256 internal constant GWEI = 1e9;

    Wallet[] internal owners;
    Wallet[] internal homes;
    Wallet internal admitter;
    bytes32 internal community;

    /// @dev What a day is built from; tests spoil parts of it.
    IEnergyMarket.HeaderFigures internal figures;
    IEnergyMarket.Line[3] internal lines;
    IEnergyMarket.LineSums[3] internal lineSums;
    IEnergyMarket.Measure[3] internal measures;
    IEnergyMarket.Run[3] internal runs;
    int256[3] internal totalWei;
    uint32[3] internal lastEntry;
    bytes internal settlerSignature;

    function setUp() public virtual override {
        super.setUp();
        admitter = walletOf(700);
        vm.prank(admitter.addr);
        community = energyMarket.found(admitter.addr);
        vm.prank(admitter.addr);
        energyMarket.setTariff(community, today() + 1, FEED_IN, RETAIL);
        fund(customer.addr, 1e24);
        Wallet[] memory sorted = sortedWallets(800);
        for (uint256 i; i < HOMES; ++i) {
            homes.push(sorted[i]);
            owners.push(walletOf(900 + i));
            authorize(owners[i], homes[i], 2);
            admit(homes[i], community, bytes32(100 + i), bytes32(200 + i));
            vm.prank(customer.addr);
            energyMarket.lock(homes[i].addr, LOCK);
        }
        stakeEnergy(owners[3].addr, 100e18);
        stakeEnergy(owners[0].addr, 100e18);
        vm.warp((uint256(today()) + 1) * SLOTS_PER_DAY * ENERGY_SLOT);
    }

    /// @dev Nodes of a day stand by their addresses.
    function sortedWallets(uint256 first) internal returns (Wallet[] memory sorted) {
        sorted = new Wallet[](HOMES);
        for (uint256 i; i < HOMES; ++i) sorted[i] = walletOf(first + i);
        for (uint256 i; i < HOMES; ++i) {
            for (uint256 j = i + 1; j < HOMES; ++j) {
                if (sorted[j].addr < sorted[i].addr) (sorted[i], sorted[j]) = (sorted[j], sorted[i]);
            }
        }
    }

    function today() internal view returns (uint32) {
        return uint32(block.timestamp / (SLOTS_PER_DAY * ENERGY_SLOT));
    }

    function stakeEnergy(address owner, uint256 amount) internal {
        token.approve(address(registry), amount);
        registry.stakeFor(owner, address(energyMarket), amount);
    }

    function signEnergy(Wallet memory signer, bytes32 structHash) internal view returns (bytes memory) {
        return signed(signer, typedDigest("Hearth EnergyMarket", address(energyMarket), structHash));
    }

    // Members

    function admissionOf(
        Wallet memory home,
        bytes32 where,
        bytes32 meter,
        bytes32 connection
    ) internal view returns (IEnergyMarket.Admission memory) {
        return
            IEnergyMarket.Admission(where, home.addr, meter, connection, 17_250, 5000, uint64(block.timestamp + 600));
    }

    function admissionHash(IEnergyMarket.Admission memory admission) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Admission(bytes32 community,address node,bytes32 meter,bytes32 connection,uint32 fuseWatts,uint32 pvPeakWatts,uint64 expiry)"
        );
        return
            keccak256(
                abi.encode(
                    typeHash,
                    admission.community,
                    admission.node,
                    admission.meter,
                    admission.connection,
                    admission.fuseWatts,
                    admission.pvPeakWatts,
                    admission.expiry
                )
            );
    }

    function admit(Wallet memory home, bytes32 where, bytes32 meter, bytes32 connection) internal {
        IEnergyMarket.Admission memory admission = admissionOf(home, where, meter, connection);
        bytes32 structHash = admissionHash(admission);
        energyMarket.admit(admission, signEnergy(admitter, structHash), signEnergy(home, structHash));
    }

    function signLeave(Wallet memory home) internal view returns (bytes memory) {
        IEnergyMarket.MemberView memory member = energyMarket.memberOf(home.addr);
        bytes32 typeHash = keccak256("Leave(bytes32 community,address node,bytes32 meter)");
        return signEnergy(home, keccak256(abi.encode(typeHash, member.community, home.addr, member.meter)));
    }

    // A day

    function slotKey(uint256 slot) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(energyMarket), community, slot));
    }

    function dayKey(uint256 day) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(energyMarket), community, day, uint256(1)));
    }

    /// @dev An honest day of the three homes; home 0 made 100 Wh and sold them.
    function honestDay(uint32 day) internal {
        uint32[3] memory filled = [uint32(100), 60, 40];
        int256 unit = int256(uint256(MARKET_PRICE) * GWEI);
        uint64 bought;
        uint64 sold;
        for (uint32 i; i < 3; ++i) {
            uint8 side = i == 0 ? 0 : 1;
            bytes32 salt = bytes32(uint256(i));
            lines[i] = IEnergyMarket.Line(
                bytes32((uint256(i) + 1) * 1e6),
                homes[i].addr,
                side,
                i == 0 ? 150_000 : 250_000,
                filled[i],
                filled[i],
                salt
            );
            lineSums[i] = IEnergyMarket.LineSums(bought, sold, salt);
            totalWei[i] = (i == 0 ? int256(1) : int256(-1)) * int256(uint256(filled[i])) * unit;
            measures[i] = IEnergyMarket.Measure(filled[i], keccak256("reading"), totalWei[i], salt);
            runs[i] = IEnergyMarket.Run(sold, bought, 0, 0, salt);
            lastEntry[i] = i + 1;
            if (i == 0) sold += filled[i];
            else bought += filled[i];
        }
        figures = IEnergyMarket.HeaderFigures(homes[3].addr, "book", 3, 0, MARKET_PRICE, 100, 100, 100, 0, "salt");
        signBook(day);
    }

    /// @dev The settler's word on the slot as the figures now are.
    function signBook(uint32 day) internal {
        bytes32 typeHash = keccak256(
            "SlotResult(bytes32 community,uint32 slot,bytes32 bookRoot,uint32 orderCount,uint32 priceGweiPerWh,uint64 tradedWh)"
        );
        bytes32 structHash = keccak256(
            abi.encode(
                typeHash,
                community,
                day * SLOTS_PER_DAY,
                figures.bookRoot,
                figures.orderCount,
                figures.priceGweiPerWh,
                figures.tradedWh
            )
        );
        settlerSignature = signEnergy(homes[3], structHash);
        figures.signatureHash = keccak256(settlerSignature);
    }

    function leavesOf(uint32 day) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](SLOTS_PER_DAY + 6);
        uint256 first = uint256(day) * SLOTS_PER_DAY;
        IEnergyMarket.HeaderFigures memory empty;
        empty.firstEntry = 3;
        for (uint256 i; i < SLOTS_PER_DAY; ++i) {
            leaves[i] = keccak256(bytes.concat(slotKey(first + i), abi.encode(i == 0 ? figures : empty)));
        }
        for (uint256 i; i < 3; ++i) {
            bytes32 book = keccak256(
                bytes.concat(slotKey(first), keccak256(abi.encode(lines[i])), keccak256(abi.encode(lineSums[i])))
            );
            leaves[SLOTS_PER_DAY + i] = keccak256(
                bytes.concat(book, keccak256(abi.encode(measures[i])), keccak256(abi.encode(runs[i])))
            );
            leaves[SLOTS_PER_DAY + 3 + i] = keccak256(
                abi.encode(dayKey(day), homes[i].addr, totalWei[i], lastEntry[i], bytes32(i))
            );
        }
    }

    function above(bytes32[] memory level) private pure returns (bytes32[] memory next) {
        next = new bytes32[]((level.length + 1) / 2);
        for (uint256 i; i < next.length; ++i) {
            bool alone = 2 * i + 1 == level.length;
            next[i] = alone ? level[2 * i] : keccak256(bytes.concat(level[2 * i], level[2 * i + 1]));
        }
    }

    function proofOf(uint32 day, uint256 place) internal view returns (bytes32[] memory proof) {
        bytes32[] memory level = leavesOf(day);
        proof = new bytes32[](8);
        uint256 length;
        while (level.length > 1) {
            if (place ^ 1 < level.length) proof[length++] = level[place ^ 1];
            level = above(level);
            place >>= 1;
        }
        assembly ("memory-safe") {
            mstore(proof, length)
        }
    }

    function treeOf(uint32 day) internal view returns (IEnergyMarket.DayTree memory) {
        bytes32[] memory level = leavesOf(day);
        while (level.length > 1) level = above(level);
        return IEnergyMarket.DayTree(level[0], 3, 3, 0);
    }

    function rootOf(uint32 day, IEnergyMarket.DayTree memory tree) internal view returns (bytes32) {
        return
            keccak256(abi.encode(dayKey(day), tree.treeRoot, tree.entryCount, tree.nodeCount, tree.certificateCount));
    }

    function netsOf() internal view returns (IEnergyMarket.Net[] memory nets) {
        nets = new IEnergyMarket.Net[](3);
        for (uint256 i; i < 3; ++i) {
            uint64 held =
                i == 0
                    ? 0
                    : i == 1
                        ? 60
                        : 40;
            nets[i] = IEnergyMarket.Net(homes[i].addr, int128(totalWei[i]), i == 0 ? 100 : 0, held);
        }
    }

    function signSettlement(
        Wallet memory poster,
        uint32 day,
        bytes32 root,
        IEnergyMarket.Net[] memory nets
    ) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("Settlement(bytes32 community,uint32 day,bytes32 root,bytes32 netsHash)");
        return signEnergy(poster, keccak256(abi.encode(typeHash, community, day, root, keccak256(abi.encode(nets)))));
    }

    function settle(uint32 day) internal {
        settle(day, netsOf());
    }

    /// @dev By home 0, which has provision.
    function settle(uint32 day, IEnergyMarket.Net[] memory nets) internal {
        IEnergyMarket.DayTree memory tree = treeOf(day);
        bytes memory signature = signSettlement(homes[0], day, rootOf(day, tree), nets);
        energyMarket.settleDay(
            IEnergyMarket.Settlement(IEnergyMarket.Day(community, day, tree), nets, homes[0].addr, signature)
        );
    }

    function dayOf(uint32 day) internal view returns (IEnergyMarket.Day memory) {
        return IEnergyMarket.Day(community, day, treeOf(day));
    }

    /// @dev The day that ran until now, as the test has left its parts.
    function dayIsOver() internal returns (uint32 day) {
        day = today();
        vm.warp((uint256(day) + 1) * SLOTS_PER_DAY * ENERGY_SLOT);
    }

    // Openings

    function headerOf(uint32 day) internal view returns (IEnergyMarket.Header memory) {
        return IEnergyMarket.Header(uint32(day * SLOTS_PER_DAY), figures, proofOf(day, 0));
    }

    function entryOf(uint32 day, uint256 i) internal view returns (IEnergyMarket.Entry memory) {
        return
            IEnergyMarket.Entry(
                uint32(day * SLOTS_PER_DAY),
                uint32(i),
                lines[i],
                lineSums[i],
                measures[i],
                runs[i],
                proofOf(day, SLOTS_PER_DAY + i)
            );
    }

    function totalOf(uint32 day, uint256 i) internal view returns (IEnergyMarket.Total memory) {
        return
            IEnergyMarket.Total(
                homes[i].addr,
                totalWei[i],
                lastEntry[i],
                bytes32(i),
                uint32(i),
                proofOf(day, SLOTS_PER_DAY + 3 + i)
            );
    }

    function entries(uint32 day, uint256 first) internal view returns (IEnergyMarket.Entry[] memory list) {
        list = new IEnergyMarket.Entry[](1);
        list[0] = entryOf(day, first);
    }

    function entries(
        uint32 day,
        uint256 first,
        uint256 second
    ) internal view returns (IEnergyMarket.Entry[] memory list) {
        list = new IEnergyMarket.Entry[](2);
        (list[0], list[1]) = (entryOf(day, first), entryOf(day, second));
    }

    function noEntries() internal pure returns (IEnergyMarket.Entry[] memory) {}

    function receiptFor(uint32 day, address node, bytes32 orderHash) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("Receipt(bytes32 community,uint32 slot,address node,bytes32 orderHash)");
        return signEnergy(homes[3], keccak256(abi.encode(typeHash, community, day * SLOTS_PER_DAY, node, orderHash)));
    }

    function noEvidence() internal view returns (IEnergyMarket.Evidence memory evidence) {
        evidence.settlerSignature = settlerSignature;
    }

    function provisionOf(uint256 home) internal view returns (uint256) {
        return registry.provisionOf(owners[home].addr, address(energyMarket));
    }
}
