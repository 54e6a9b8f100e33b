// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IEnergyMarket} from "../interfaces/IEnergyMarket.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {EnergyLeaves} from "../libraries/EnergyLeaves.sol";

/// @title What can be proven wrong of a settled day (PROTOCOL 7.4).
abstract contract EnergyFaults is IEnergyMarket, EIP712 {
    using EnergyLeaves for IEnergyMarket.Line;

    bytes32 private constant RECEIPT_TYPE = keccak256(
        "Receipt(bytes32 community,uint32 slot,address node,bytes32 orderHash)"
    );
    bytes32 private constant RESULT_TYPE = keccak256(
        "SlotResult(bytes32 community,uint32 slot,bytes32 bookRoot,uint32 orderCount,uint32 priceGweiPerWh,uint64 tradedWh)"
    );

    IRegistry internal immutable REGISTRY;
    uint256 internal immutable SLOT_SECONDS;
    uint256 internal immutable SLOTS_PER_DAY;
    uint256 internal immutable CHALLENGE_SECONDS;

    mapping(bytes32 community => mapping(uint32 day => DayView)) internal _days;
    mapping(bytes32 fault => bool) private _known;

    constructor(IRegistry registry, Timing memory timing_) EIP712("Hearth EnergyMarket", "1") {
        REGISTRY = registry;
        (SLOT_SECONDS, SLOTS_PER_DAY) = (timing_.slotSeconds, timing_.slotsPerDay);
        CHALLENGE_SECONDS = timing_.challengeSeconds;
    }

    /// @inheritdoc IEnergyMarket
    function proveSlotFault(
        Day calldata day,
        SlotFault kind,
        Header calldata header,
        Entry[] calldata entries,
        Evidence calldata evidence
    ) external override {
        DayView storage settled = _requireOpen(day);
        _requireHeader(day, header);
        for (uint256 i; i < entries.length; ++i) {
            if (entries[i].slot != header.slot) revert LeafWrong(entries[i].index);
            _requireEntry(day, entries[i]);
        }
        bool found;
        if (kind == SlotFault.OrderLeftOut) {
            found = _isLeftOut(day.community, header, entries, evidence);
        } else if (kind == SlotFault.SumsEndElsewhere) {
            found = _endsElsewhere(header.figures, entries[0]);
        } else if (kind == SlotFault.BookOutOfOrder || kind == SlotFault.SumsBreak) {
            if (entries[0].index + 1 != entries[1].index) revert FaultNotProven();
            found =
                kind == SlotFault.SumsBreak
                    ? !EnergyLeaves.same(EnergyLeaves.including(entries[0]), EnergyLeaves.before(entries[1]))
                    : entries[0].line.orderHash >= entries[1].line.orderHash;
        } else {
            found = _isFilledWrong(kind, header.figures, entries[0].line, settled);
        }
        if (!found) revert FaultNotProven();
        address liable =
            _isOfBook(kind) && _signedBook(day.community, header, evidence.settlerSignature)
                ? header.figures.settler
                : settled.poster;
        _book(day, liable, keccak256(abi.encode(day.community, header.slot, kind)));
    }

    /// @inheritdoc IEnergyMarket
    function proveNodeFault(
        Day calldata day,
        NodeFault kind,
        Total calldata total,
        Entry[] calldata entries
    ) external override {
        DayView storage settled = _requireOpen(day);
        for (uint256 i; i < entries.length; ++i) _requireEntry(day, entries[i]);
        bool found;
        address node;
        if (kind == NodeFault.ChainBreaks) {
            node = entries[0].line.node;
            found = _chainBreaks(entries);
        } else {
            _requireTotal(day, total);
            node = total.node;
            found = _totalDiffers(total, entries);
        }
        if (!found) revert FaultNotProven();
        _book(day, settled.poster, keccak256(abi.encode(day.community, day.day, node, kind)));
    }

    /// @inheritdoc IEnergyMarket
    function provePostedFault(Day calldata day, Total calldata total, Net[] calldata nets) external override {
        DayView storage settled = _requireOpen(day);
        _requireTotal(day, total);
        if (keccak256(abi.encode(nets)) != settled.netsHash) revert FaultNotProven();
        int256 posted;
        for (uint256 i; i < nets.length; ++i) if (nets[i].node == total.node) posted = nets[i].netWei;
        if (posted == total.netWei) revert FaultNotProven();
        _book(day, settled.poster, keccak256(abi.encode(day.community, day.day, total.node, "posted")));
    }

    /// @inheritdoc IEnergyMarket
    function timing() external view override returns (Timing memory) {
        return Timing(SLOT_SECONDS, SLOTS_PER_DAY, CHALLENGE_SECONDS);
    }

    /// @inheritdoc IEnergyMarket
    function dayOf(bytes32 community, uint32 day) external view override returns (DayView memory) {
        return _days[community][day];
    }

    function _dayRoot(Day calldata day) internal view returns (bytes32) {
        return keccak256(abi.encode(_dayKey(day), day.tree));
    }

    function _requireSignedBy(address expected, bytes32 structHash, bytes calldata signature) internal view {
        address signer = _signerOf(structHash, signature);
        if (signer != expected || signer == address(0)) revert SignatureInvalid(expected, signer);
    }

    function _signerOf(bytes32 structHash, bytes calldata signature) private view returns (address signer) {
        (signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
    }

    function _book(Day calldata day, address liable, bytes32 fault) private {
        if (_known[fault]) revert FaultKnown(fault);
        _known[fault] = true;
        emit FaultProven(day.community, day.day, liable, fault, REGISTRY.slash(liable));
    }

    /// @dev Between the entries around its place, or at an end of the book, the order's hash is not there.
    function _isLeftOut(
        bytes32 community,
        Header calldata header,
        Entry[] calldata entries,
        Evidence calldata evidence
    ) private view returns (bool) {
        HeaderFigures calldata figures = header.figures;
        bytes32 receipt = keccak256(
            abi.encode(RECEIPT_TYPE, community, header.slot, evidence.orderNode, evidence.orderHash)
        );
        _requireSignedBy(figures.settler, receipt, evidence.receiptSignature);
        if (figures.orderCount == 0) return true;
        uint256 last = uint256(figures.firstEntry) + figures.orderCount - 1;
        if (entries.length == 1) {
            bool below = entries[0].index == figures.firstEntry && evidence.orderHash < entries[0].line.orderHash;
            bool above = entries[0].index == last && evidence.orderHash > entries[0].line.orderHash;
            return below || above;
        }
        return
            entries[0].index + 1 == entries[1].index &&
            evidence.orderHash > entries[0].line.orderHash &&
            evidence.orderHash < entries[1].line.orderHash;
    }

    function _isFilledWrong(
        SlotFault kind,
        HeaderFigures calldata figures,
        Line calldata line,
        DayView storage settled
    ) private view returns (bool) {
        uint256 price = figures.priceGweiPerWh;
        if (kind == SlotFault.BetterOrderUnfilled) {
            return figures.tradedWh != 0 && line.filledWh < line.wattHours && line.betterThan(price);
        }
        if (line.filledWh > line.wattHours) return true;
        bool outside = price < settled.feedInGweiPerWh || price > settled.retailGweiPerWh;
        return line.filledWh != 0 && (outside || line.worseThan(price));
    }

    function _endsElsewhere(HeaderFigures calldata figures, Entry calldata last) private pure returns (bool) {
        if (uint256(last.index) + 1 != uint256(figures.firstEntry) + figures.orderCount) return false;
        EnergyLeaves.Sums memory claimed = EnergyLeaves.Sums(
            figures.tradedWh,
            figures.tradedWh,
            figures.deliveredWh,
            figures.takenWh
        );
        return !EnergyLeaves.same(EnergyLeaves.including(last), claimed);
    }

    /// @dev The first entry claims what the node's entries before it came to; the second is the one that it names, or one that it
    /// passes over. Alone it must claim nothing when it names none.
    function _chainBreaks(Entry[] calldata entries) private pure returns (bool) {
        Entry calldata one = entries[0];
        uint256 named = one.run.previousEntry;
        if (entries.length == 1) {
            return (named == 0 && one.run.nodeNetBeforeWei != 0) || named > one.index;
        }
        Entry calldata other = entries[1];
        bool sameNode = other.line.node == one.line.node;
        if (uint256(other.index) + 1 == named) {
            return !sameNode || one.run.nodeNetBeforeWei != other.run.nodeNetBeforeWei + other.measure.netWei;
        }
        return sameNode && other.index >= named && other.index < one.index;
    }

    function _totalDiffers(Total calldata total, Entry[] calldata entries) private pure returns (bool) {
        uint256 named = total.lastEntry;
        if (entries.length == 0) return named == 0 && total.netWei != 0;
        Entry calldata other = entries[0];
        bool sameNode = other.line.node == total.node;
        if (uint256(other.index) + 1 == named) {
            return !sameNode || total.netWei != other.run.nodeNetBeforeWei + other.measure.netWei;
        }
        return sameNode && other.index >= named;
    }

    function _isOfBook(SlotFault kind) private pure returns (bool) {
        return kind != SlotFault.SumsBreak && kind != SlotFault.SumsEndElsewhere;
    }

    function _signedBook(
        bytes32 community,
        Header calldata header,
        bytes calldata signature
    ) private view returns (bool) {
        HeaderFigures calldata figures = header.figures;
        if (keccak256(signature) != figures.signatureHash) return false;
        bytes32 result = keccak256(
            abi.encode(
                RESULT_TYPE,
                community,
                header.slot,
                figures.bookRoot,
                figures.orderCount,
                figures.priceGweiPerWh,
                figures.tradedWh
            )
        );
        return _signerOf(result, signature) == figures.settler && figures.settler != address(0);
    }

    function _requireOpen(Day calldata day) private view returns (DayView storage settled) {
        settled = _days[day.community][day.day];
        if (settled.postedAt == 0) revert DayUnknown(day.community, day.day);
        uint256 until = settled.postedAt + CHALLENGE_SECONDS;
        if (block.timestamp > until) revert ChallengeOver(until);
        if (_dayRoot(day) != settled.root) revert TreeWrong(settled.root);
    }

    function _requireHeader(Day calldata day, Header calldata header) private view {
        uint256 first = uint256(day.day) * SLOTS_PER_DAY;
        if (header.slot < first) revert LeafWrong(header.slot);
        bytes32 leaf = EnergyLeaves.ofHeader(_slotKey(day.community, header.slot), header.figures);
        uint256 place = header.slot - first;
        if (place >= SLOTS_PER_DAY) revert LeafWrong(header.slot);
        _requireLeaf(day.tree, place, leaf, header.siblings);
    }

    function _requireEntry(Day calldata day, Entry calldata entry) private view {
        if (entry.index >= day.tree.entryCount) revert LeafWrong(entry.index);
        bytes32 leaf = EnergyLeaves.ofEntry(_slotKey(day.community, entry.slot), entry);
        _requireLeaf(day.tree, SLOTS_PER_DAY + entry.index, leaf, entry.siblings);
    }

    function _requireTotal(Day calldata day, Total calldata total) private view {
        if (total.index >= day.tree.nodeCount) revert LeafWrong(total.index);
        bytes32 leaf = EnergyLeaves.ofTotal(_dayKey(day), total);
        _requireLeaf(day.tree, SLOTS_PER_DAY + day.tree.entryCount + total.index, leaf, total.siblings);
    }

    function _requireLeaf(
        DayTree calldata tree,
        uint256 place,
        bytes32 leaf,
        bytes32[] calldata siblings
    ) private view {
        uint256 count = SLOTS_PER_DAY + tree.entryCount + tree.nodeCount + tree.certificateCount;
        if (!EnergyLeaves.standsAt(tree.treeRoot, count, place, leaf, siblings)) revert LeafWrong(place);
    }

    function _slotKey(bytes32 community, uint32 slot) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), community, slot));
    }

    function _dayKey(Day calldata day) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), day.community, day.day, uint256(1)));
    }
}
