// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Communities of meters, and one settlement a day (PROTOCOL 7).
/// @notice No reading, order or slot figure is on chain: a day has one root over salted leaves, and one sum of money and of certified Wh for
/// each pseudonymous node that traded. Encodings are those of roles/energy/protocol/README.md: every hash is keccak256(abi.encode(...)) of values
/// that fill a word each; slots count from 1970, day = slot / slotsPerDay.
///
/// A community with an admitter takes the meters that he signs for and earns like any work: a twentieth of what sellers get is burned. A
/// self-declared community has none: its members take themselves in, its money moves between their locks without burn, earnings or
/// emission, and its certificates have ids of their own kind.
///
/// Duties. A member must check each day's record, which it gets encrypted, and show what is wrong within `challengeSeconds`. Money that was settled
/// stays where it went: a proven fault costs the one who signed for it, and is never paid to who proves it. The contract does not replace the
/// supplier's bill.
interface IEnergyMarket {
    struct Admission {
        bytes32 community;
        /// A bound node of role energy.
        address node;
        /// Hash of the meter's number, and of the connection to the grid that it measures.
        bytes32 meter;
        bytes32 connection;
        uint32 fuseWatts;
        uint32 pvPeakWatts;
        uint64 expiry;
    }

    struct MemberView {
        bytes32 community;
        bytes32 meter;
        bytes32 connection;
        uint32 fuseWatts;
        uint32 pvPeakWatts;
        address funder;
        uint256 lockedWei;
        /// First day in which it is no member any more; zero while it is one.
        uint32 leftDay;
    }

    struct CommunityView {
        /// Zero for a self-declared community.
        address admitter;
        address founder;
        /// Prices that count from `tariffDay` on, and those that counted before.
        uint32 feedInGweiPerWh;
        uint32 retailGweiPerWh;
        uint32 tariffDay;
        uint32 earlierFeedInGweiPerWh;
        uint32 earlierRetailGweiPerWh;
    }

    /// @notice What a day came to for one node.
    struct Net {
        address node;
        /// What it gets (positive) or pays, of the lock; all sum to zero.
        int128 netWei;
        /// Generation of its meter that the day certifies, and what it holds after the trades; both sum to the same.
        uint64 certifiedWh;
        uint64 heldWh;
    }

    struct DayTree {
        bytes32 treeRoot;
        uint32 entryCount;
        uint32 nodeCount;
        uint32 certificateCount;
    }

    /// @notice A day and what its root is made from.
    struct Day {
        bytes32 community;
        uint32 day;
        DayTree tree;
    }

    /// @notice What the poster, a member with provision, signed for a day.
    struct Settlement {
        Day day;
        Net[] nets;
        address poster;
        bytes signature;
    }

    struct DayView {
        bytes32 root;
        bytes32 netsHash;
        address poster;
        uint64 postedAt;
        uint32 feedInGweiPerWh;
        uint32 retailGweiPerWh;
    }

    struct HeaderFigures {
        address settler;
        bytes32 bookRoot;
        uint32 orderCount;
        uint32 firstEntry;
        uint32 priceGweiPerWh;
        uint64 tradedWh;
        uint64 deliveredWh;
        uint64 takenWh;
        bytes32 signatureHash;
        bytes32 salt;
    }

    struct Header {
        uint32 slot;
        HeaderFigures figures;
        bytes32[] siblings;
    }

    struct Line {
        bytes32 orderHash;
        address node;
        /// 0 sells, 1 buys.
        uint8 side;
        uint32 limitGweiPerWh;
        uint32 wattHours;
        uint32 filledWh;
        bytes32 salt;
    }

    struct LineSums {
        uint64 boughtBeforeWh;
        uint64 soldBeforeWh;
        bytes32 salt;
    }

    struct Measure {
        uint64 measuredWh;
        bytes32 readingHash;
        int256 netWei;
        bytes32 salt;
    }

    struct Run {
        uint64 deliveredBeforeWh;
        uint64 takenBeforeWh;
        int256 nodeNetBeforeWei;
        uint32 previousEntry;
        bytes32 salt;
    }

    struct Entry {
        uint32 slot;
        /// Among all entries of the day, from 0.
        uint32 index;
        Line line;
        LineSums sums;
        Measure measure;
        Run run;
        bytes32[] siblings;
    }

    struct Total {
        address node;
        int256 netWei;
        uint32 lastEntry;
        bytes32 salt;
        uint32 index;
        bytes32[] siblings;
    }

    /// @notice What contradicts a header: the settler's word on the slot, and a receipt where one counts.
    struct Evidence {
        /// The settler's 65 bytes over its SlotResult, or empty: then the poster of the day is liable.
        bytes settlerSignature;
        bytes32 orderHash;
        address orderNode;
        bytes receiptSignature;
    }

    enum SlotFault {
        /// header; the one or two entries where the hash would stand; a receipt.
        OrderLeftOut,
        /// header, entry.
        BetterOrderUnfilled,
        FillOutsideLimit,
        /// header, two neighbouring entries.
        BookOutOfOrder,
        SumsBreak,
        /// header and its last entry.
        SumsEndElsewhere
    }

    enum NodeFault {
        /// An entry, and another one of the same node or the one that it names as previous.
        ChainBreaks,
        /// A total, and the entry that it names as last or a later one of the node.
        TotalDiffers
    }

    /// @notice Times of a deployment, for readers.
    struct Timing {
        uint256 slotSeconds;
        uint256 slotsPerDay;
        uint256 challengeSeconds;
    }

    event CommunityFounded(bytes32 indexed community, address indexed admitter, address indexed founder);
    event TariffSet(bytes32 indexed community, uint32 fromDay, uint32 feedInGweiPerWh, uint32 retailGweiPerWh);
    event Admitted(bytes32 indexed community, address indexed node, bytes32 meter, bytes32 connection);
    event Left(bytes32 indexed community, address indexed node, uint32 leftDay);
    event LockWithdrawn(bytes32 indexed community, address indexed node, uint256 amountWei);
    event DaySettled(
        bytes32 indexed community,
        uint32 indexed day,
        address indexed poster,
        bytes32 root,
        Net[] nets,
        uint256 certificateId
    );
    event FaultProven(
        bytes32 indexed community,
        uint32 indexed day,
        address indexed liable,
        bytes32 fault,
        uint256 slashedWei
    );

    error NewWorkStopped();
    error CommunityUnknown(bytes32 community);
    error NotAdmitter(bytes32 community, address caller);
    error TariffInvalid(uint32 feedInGweiPerWh, uint32 retailGweiPerWh);
    error TariffTooLate(uint32 fromDay, uint32 today);
    error AdmissionExpired(uint64 expiry);
    error SignatureInvalid(address expected, address signer);
    error AlreadyMember(address node);
    error MeterTaken(bytes32 meter);
    error ConnectionTaken(bytes32 connection);
    error NotMember(bytes32 community, address node);
    error StillMember(uint256 until);
    error DayNotOver(uint32 day, uint256 endsAt);
    error DaySettledAlready(bytes32 community, uint32 day);
    error PosterWithoutProvision(address poster);
    error NetsNotRising(address node);
    error NetsNotBalanced(int256 sumWei);
    error CertificatesNotBalanced(uint256 certifiedWh, uint256 heldWh);
    error CertifiedBeyondPeak(address node, uint256 certifiedWh, uint256 mostWh);
    error DayUnknown(bytes32 community, uint32 day);
    error ChallengeOver(uint256 until);
    error TreeWrong(bytes32 root);
    error LeafWrong(uint256 index);
    error FaultNotProven();
    error FaultKnown(bytes32 fault);

    /// @notice Founds a community. With an admitter, he signs for its meters and sets its tariff; with none it is self-declared and its
    /// founder sets the tariff. Refused while new work is stopped.
    function found(address admitter) external returns (bytes32 community);

    /// @notice Sets what a Wh costs from the grid and brings from it, from a later day on; replaces one that has not begun.
    function setTariff(bytes32 community, uint32 fromDay, uint32 feedInGweiPerWh, uint32 retailGweiPerWh) external;

    /// @notice Takes a meter in. Anyone may submit it.
    /// @param admitterSignature The admitter's EIP-712 `Admission(bytes32 community,address node,bytes32 meter,bytes32 connection,uint32 fuseWatts,uint32
    /// pvPeakWatts,uint64 expiry)`, domain "Hearth EnergyMarket", version "1"; empty in a self-declared community.
    /// @param nodeSignature The node's over the same.
    function admit(
        Admission calldata admission,
        bytes calldata admitterSignature,
        bytes calldata nodeSignature
    ) external;

    /// @notice Ends a membership with this day. By the admitter, or by the node's EIP-712 `Leave(bytes32 community,address node,bytes32 meter)`.
    function resign(address node, bytes calldata signature) external;

    /// @notice Adds the caller's approved tokens to a member's lock. What is left goes back to who funded it first.
    function lock(address node, uint256 amountWei) external;

    /// @notice Returns the lock of a node that left, two days after its last, and frees its stake.
    function withdrawLock(address node) external;

    /// @notice Settles a day that is over, once: moves money from locks, mints certificates. Anyone may submit it.
    /// @param settlement With the poster's EIP-712 `Settlement(bytes32 community,uint32 day,bytes32 root,bytes32 netsHash)`, netsHash =
    /// keccak256(abi.encode(nets)).
    function settleDay(Settlement calldata settlement) external;

    /// @notice Proves a fault in a slot's book or sums. The settler is liable for a book that it signed, else the poster.
    function proveSlotFault(
        Day calldata day,
        SlotFault kind,
        Header calldata header,
        Entry[] calldata entries,
        Evidence calldata evidence
    ) external;

    /// @notice Proves that the sums of a node do not follow from its entries. The poster is liable.
    function proveNodeFault(Day calldata day, NodeFault kind, Total calldata total, Entry[] calldata entries) external;

    /// @notice Proves that another sum was settled than the day's record has. The poster is liable.
    function provePostedFault(Day calldata day, Total calldata total, Net[] calldata nets) external;

    function timing() external view returns (Timing memory);

    function communityOf(bytes32 community) external view returns (CommunityView memory);

    /// @notice A node's membership; all zeros when it never had one.
    function memberOf(address node) external view returns (MemberView memory);

    /// @notice A settled day; all zeros when it is not.
    function dayOf(bytes32 community, uint32 day) external view returns (DayView memory);
}
