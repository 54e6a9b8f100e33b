// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DataSets} from "../libraries/DataSets.sol";

/// @title Paid storage: one data set per customer and node, proven every period.
/// @notice A proof shows possession of the pieces when it was made. It does not show that copies are unique, nor that the
/// customer's data is not his own junk. A provider must recompute root and length of every piece before it signs an
/// acceptance: a wrong root that it accepted can never be proven and costs it its provision. A customer must take the
/// present `sequence` from the chain, or his call reverts.
interface IStorageMarket {
    struct Piece {
        bytes32 root;
        uint32 lengthBytes;
    }

    /// @notice What a node agreed to by its EIP-712 signature. Prices in wei; `expiry` in seconds since 1970.
    struct Acceptance {
        uint96 pricePerGiBPeriodWei;
        uint64 retrievalPricePerMiBWei;
        uint40 minimumBytesPerSecond;
        uint32 sequence;
        uint64 expiry;
    }

    /// @notice Consent of a node to leave a set, by its EIP-712 signature over these and the set's present sequence. `heir` is
    /// the node that takes its place, or zero where nobody does.
    struct Departure {
        address customer;
        address node;
        address heir;
        uint64 expiry;
        bytes signature;
    }

    /// @notice Pieces that go from the node that leaves to its heir: those that stand at `first` and behind it, the heir's consent to
    /// exactly these, and the leaver's.
    struct Handover {
        Departure departure;
        uint256 first;
        Piece[] pieces;
        Acceptance acceptance;
        bytes heirSignature;
    }

    struct SetProof {
        address customer;
        bytes proofs;
    }

    /// @notice Times and counts of a deployment, for readers.
    struct Timing {
        uint256 periodSeconds;
        uint256 slotsPerPeriod;
        uint256 seedGapSeconds;
        uint256 faultWindowPeriods;
        uint256 deleteDelaySeconds;
    }

    struct SetView {
        bytes32 setId;
        address customer;
        address node;
        address operator;
        DataSets.State state;
        uint256 pieceCount;
        uint256 leafCount;
        uint256 frozenLeafCount;
        uint256 rateWei;
        uint256 frozenRateWei;
        uint256 escrowWei;
        uint256 lastProven;
        uint256 firstPeriod;
        uint256 faults;
        uint256 sequence;
        uint256 endedAt;
    }

    struct PieceView {
        bytes32 root;
        uint256 lengthBytes;
        /// Leaves that count now: zero once a removal has taken effect.
        uint256 leafCount;
        bool removed;
    }

    event SetCreated(bytes32 indexed setId, address indexed customer, address indexed node, address operator);
    event PiecesAdded(
        address indexed customer,
        address indexed node,
        uint256 firstIndex,
        Piece[] pieces,
        Acceptance acceptance
    );
    event PieceRemoved(address indexed customer, address indexed node, uint256 index);
    event PossessionProven(address indexed customer, address indexed node, uint256 period, uint256 paidWei);
    event PeriodMissed(address indexed customer, address indexed node, uint256 period, uint256 slashedWei);
    event HandedOver(
        address indexed customer,
        address indexed node,
        address indexed heir,
        uint256 firstIndex,
        uint256 count
    );
    event SetDropped(address indexed customer, address indexed node, uint256 lastPeriod);
    event SetEnded(address indexed customer, address indexed node);
    event RecordsCleared(address indexed customer, address indexed node);

    error NoPieces();
    error SequenceWrong(uint32 given, uint32 expected);
    error AcceptanceExpired(uint64 expiry);
    error AcceptanceInvalid(address node, address signer);
    error EscrowTooSmall(uint256 escrowWei, uint256 neededWei);
    error SetUnknown(address customer, address node);
    error SetNotActive(address customer, address node, DataSets.State state);
    error PeriodNotCurrent(uint256 period, uint256 current);
    error PeriodVoid(uint256 period, uint256 capturedAt);
    error SeedMissing(uint256 slot);
    error AlreadyProven(uint256 period);
    error NothingToProve(uint256 period);
    error NotRepairFund(address caller);
    error SetNotLost(address customer, address node);
    error HeirNotFree(address heir);
    error HeirTooDear(uint256 priceWei, uint256 mostWei);
    error StillOwed(uint256 lastPeriod);
    error TooEarlyToClear(uint256 possibleAt);

    /// @notice Adds pieces to the caller's set on a node, which must have accepted exactly these, and pays escrow into it.
    /// They count from the next period. Escrow must then last for 30 periods.
    /// @param depositWei Taken from the caller's tokens, which he has approved to `Payments` once.
    function addPieces(
        address node,
        Piece[] calldata pieces,
        Acceptance calldata acceptance,
        bytes calldata signature,
        uint256 depositWei
    ) external;

    /// @notice As `addPieces` on behalf of a customer, who has named a repairer for it. `RepairFund` only, which has moved the
    /// deposit to the set before.
    function addPiecesFor(
        address customer,
        address node,
        Piece[] calldata pieces,
        Acceptance calldata acceptance,
        bytes calldata signature
    ) external;

    /// @notice Takes pieces out of a customer's set that missed both of the last two periods, and tells which they were.
    /// `RepairFund` only.
    function takeLost(
        address customer,
        address node,
        uint256[] calldata indices
    ) external returns (Piece[] memory pieces);

    /// @notice Adds the caller's tokens to a set's escrow; anyone may.
    function topUp(address customer, address node, uint256 amount) external;

    /// @notice Takes pieces out of the caller's set from the next period on; at most 64 wait at a time.
    function removePieces(address node, uint256[] calldata indices) external;

    /// @notice Ends the caller's set after the period that runs; `finish` then returns what is left of its escrow.
    function drop(address node) external;

    /// @notice Returns a dropped set's escrow to its customer once its last period is over and decided; anyone may call it.
    function finish(address customer, address node) external;

    /// @notice Moves pieces from a node that leaves to one heir, who must have accepted exactly these at no higher pay and hold
    /// nothing else of the customer. Anyone may submit it, also for a customer who is gone. The pieces count with the
    /// one who leaves until the end of the period and with the heir from the next, so they are never proven by nobody;
    /// their share of the escrow moves along. At most 64 in one period, as with removals. The last call ends the set.
    function handOver(Handover calldata handover) external;

    /// @notice Ends a set for a node that leaves without an heir: it gives up the pay of this period unless it has it already,
    /// takes one fault, and what is left of the escrow returns to the customer at once.
    function forfeit(Departure calldata departure) external;

    /// @notice Proves possession for the current period and is paid for it. Anyone may submit a proof; an invalid one
    /// reverts without effect.
    /// @param proofs For each of five challenges the leaf and its siblings from the bottom up, without gaps.
    function provePossession(address customer, address node, uint256 period, bytes calldata proofs) external;

    /// @notice Proves several sets of one node; sets that are proven already are skipped.
    function proveMany(address node, uint256 period, SetProof[] calldata sets) external;

    /// @notice Books the faults of periods that ended without a proof. Faults that nobody books within the fault window
    /// lapse, which bounds the work of this call.
    function settle(address customer, address node) external;

    /// @notice Forgets up to `count` pieces of a set that ended long enough ago; with the last one the pair may start anew.
    function clear(address customer, address node, uint256 count) external;

    function timing() external view returns (Timing memory);

    function setIdOf(address customer, address node) external pure returns (bytes32);

    /// @notice Reverts with `SetUnknown` when there never was one.
    function dataSet(address customer, address node) external view returns (SetView memory);

    function dataSetCountOfNode(address node) external view returns (uint256);

    function dataSetCountOfCustomer(address customer) external view returns (uint256);

    /// @notice A page of the sets on a node in order of creation; shorter at the end.
    function dataSetsOfNode(address node, uint256 from, uint256 count) external view returns (SetView[] memory);

    /// @notice A page of the sets of a customer in order of creation; shorter at the end.
    function dataSetsOfCustomer(address customer, uint256 from, uint256 count) external view returns (SetView[] memory);

    /// @notice A page of a set's pieces; shorter at the end.
    function piecesOf(
        address customer,
        address node,
        uint256 from,
        uint256 count
    ) external view returns (PieceView[] memory);

    /// @notice Prices and rate of the last acceptance.
    function termsOf(
        address customer,
        address node
    ) external view returns (uint96 pricePerGiBPeriodWei, uint64 retrievalPricePerMiBWei);

    /// @notice Node to which a set's pieces were handed over; zero when to none. Kept until the set begins anew, so that a
    /// customer who was away still finds them.
    function heirOf(address customer, address node) external view returns (address);

    /// @notice What a set pays per period at its present size; zero when there is none.
    function rateOf(bytes32 setId) external view returns (uint256);

    /// @notice The five leaves that a proof for this period must open.
    function challengesOf(address customer, address node, uint256 period) external view returns (uint256[] memory);
}
