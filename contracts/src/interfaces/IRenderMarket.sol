// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Paid rendering: jobs cut into units, each rendered by drawn nodes that commit before they reveal (PROTOCOL 6).
/// @notice A job has `unitCount` units, each rendered by `replicas` different operators. One unit in the hands of one node is a
/// task; task = unit x replicas + replica.
///
/// Nobody chooses a node. Drawing goes in turns of `turnSeconds`, turn t from t x turnSeconds on, with the seed of the slot that begins with
/// the turn. A unit's nodes follow from the seed of the turn in which it is drawn and from the pool as it stood when the turn
/// began (see IRenderPool); units of a job go in rising order. Whoever wants a certain machine pays it by voucher.
///
/// A task's way: Drawn -> Committed -> Revealed -> Accepted (by word, or by silence) -> Paid, with the key. Off it: Missed where a
/// time was missed (unpaid, the node leaves the pool), Disputed while a panel decides (IRenderPanel), Refused when it was not
/// for the node (unpaid).
///
/// What is committed to. A unit's cells are numbered from 0; a cell is at most 16 x 16 pixels, three little-endian 32-bit floats each.
/// leaf(i, bytes) = keccak256(0x00 || uint32(i), big endian || keccak256(bytes)). Two nodes of a tree join to keccak256(0x01 || lower || higher), ordered as
/// numbers, so a proof is the siblings from the bottom up; leaves stand in order of cells, an odd last node moves up as it is. The
/// result root is over the sums of a cell, the cipher root over the same bytes encrypted: word w (32 bytes, the last one cut)
/// xor keccak256(key || uint32(i) || uint32(w)), key 32 bytes. Key hash = keccak256(key).
/// commitment = keccak256(abi.encode(bytes32 jobId, uint256 unit, address node, bytes32 salt, bytes32 resultRoot, bytes32 cipherRoot,
/// bytes32 keyHash)).
///
/// Duties. A customer must ask for keccak256 of every cell, plain and encrypted, and see that they lead to the roots: only with them can he
/// show a cell that the key does not open. He must look at secretly drawn cells of each result before the silence is over: what he does not reject is owed. A
/// node must keep salt and key until it is paid, never use a key twice, and not commit to what it has not rendered: one
/// wrong cell, or one cell that the key does not open, costs it provision and standing. The chain compares no pictures.
interface IRenderMarket {
    enum TaskState {
        None,
        Drawn,
        Committed,
        Revealed,
        Accepted,
        Disputed,
        Paid,
        Missed,
        Refused
    }

    /// @notice What a panel, or the node itself, says of a disputed result.
    enum Verdict {
        /// Fewer than four agreed, or there was no panel: unpaid, no slash, no strike.
        Undecided,
        /// Four or five found the result right: accepted.
        Right,
        /// Four or five found it wrong: unpaid, a slash and a strike.
        Wrong,
        /// The node took it back: unpaid and a strike.
        Conceded
    }

    struct JobTerms {
        /// keccak256 of the job's canonical JSON (roles/render/protocol/render-job.ts).
        bytes32 specHash;
        /// SHA-256 of the scene file.
        bytes32 sceneHash;
        uint32 unitCount;
        /// 1 to 3. With 1, only nodes with provision and 20 accepted units are drawn.
        uint8 replicas;
        /// Lowest tier of a node that may be drawn, 0 to 3.
        uint8 tier;
        /// Back end, as numbered in contracts/client/render-hashes.ts; work is drawn within one.
        uint8 backEndClass;
        /// Time from the draw to the commitment, 1 s to 7 days.
        uint32 commitSeconds;
        /// Pixel samples in a unit, in thousands, rounded down: what a node's speed is measured in.
        uint32 unitKilosamples;
        /// For one unit and one replica; not zero.
        uint96 pricePerUnitWei;
    }

    struct JobView {
        bytes32 jobId;
        address customer;
        JobTerms terms;
        /// First turn in which it may be drawn: the one after the posting.
        uint256 firstTurn;
        /// Units drawn so far; they are drawn in rising order.
        uint256 drawnUnits;
        /// Tasks that are not Paid, Missed or Refused.
        uint256 openTasks;
        /// From this turn on nothing is drawn; zero while the job runs.
        uint256 endTurn;
        uint256 escrowWei;
    }

    struct UnitView {
        uint256 unit;
        /// How often it was drawn: 0 when not yet, 2 after a redraw.
        uint256 draws;
        uint256 drawnAt;
        uint256 commitBy;
        /// Reveals count after the first (or from it, when all have committed) and up to the second. Both are estimates while commitments are missing.
        uint256 revealFrom;
        uint256 revealBy;
        uint256 committed;
        uint256 revealed;
    }

    struct TaskView {
        uint256 task;
        address node;
        TaskState state;
        /// Time of the last change of state.
        uint256 changedAt;
        /// The commitment; once revealed, keccak256(abi.encode(resultRoot, cipherRoot, keyHash)).
        bytes32 digest;
    }

    /// @notice Opens a commitment.
    struct Opening {
        uint256 task;
        bytes32 salt;
        bytes32 resultRoot;
        bytes32 cipherRoot;
        bytes32 keyHash;
    }

    /// @notice Gives a key away. The roots are those that were revealed.
    struct Release {
        uint256 task;
        bytes32 resultRoot;
        bytes32 cipherRoot;
        bytes32 key;
    }

    /// @notice One cell that a released key does not open.
    struct BadCell {
        uint32 cell;
        bytes cipherBytes;
        bytes32[] cipherProof;
        /// keccak256 of the cell's bytes as the result root has it, and the siblings of its leaf.
        bytes32 resultHash;
        bytes32[] resultProof;
    }

    /// @notice Times of a deployment, for readers.
    struct Timing {
        uint256 turnSeconds;
        uint256 slotsPerTurn;
        uint256 revealSeconds;
        uint256 silenceSeconds;
    }

    event JobPosted(bytes32 indexed jobId, address indexed customer, uint256 number, JobTerms terms);
    event TaskDrawn(bytes32 indexed jobId, address indexed node, uint256 task, uint256 commitBy);
    event TaskCommitted(bytes32 indexed jobId, address indexed node, uint256 task, bytes32 commitment);
    event TaskRevealed(
        bytes32 indexed jobId,
        address indexed node,
        uint256 task,
        bytes32 resultRoot,
        bytes32 cipherRoot,
        bytes32 keyHash
    );
    event TaskAccepted(bytes32 indexed jobId, address indexed node, uint256 task);
    /// @param cells Cells that the customer says are wrong; the panel looks at these.
    event TaskRejected(bytes32 indexed jobId, address indexed node, uint256 task, uint32[] cells, uint256 bondWei);
    event TaskPaid(bytes32 indexed jobId, address indexed node, uint256 task, bytes32 key);
    event TaskMissed(bytes32 indexed jobId, address indexed node, uint256 task);
    event DisputeConcluded(
        bytes32 indexed jobId,
        address indexed node,
        uint256 task,
        Verdict verdict,
        uint256 slashedWei
    );
    event BadKeyProven(bytes32 indexed jobId, address indexed node, uint256 task, uint32 cell, uint256 slashedWei);
    event JobFunded(bytes32 indexed jobId, address payer, uint256 amountWei);
    event JobCancelled(bytes32 indexed jobId, uint256 endTurn);
    event JobClosed(bytes32 indexed jobId, uint256 refundWei);

    error TermsInvalid();
    error NewWorkStopped();
    error JobUnknown(bytes32 jobId);
    error NotCustomer(bytes32 jobId, address caller);
    error NotRenderPanel(address caller);
    error LengthsDiffer(uint256 tasks, uint256 commitments);
    error TooEarlyToDraw(uint256 turn, uint256 firstTurn);
    error SeedMissing(uint256 slot);
    error JobEnded(bytes32 jobId, uint256 endTurn);
    error EscrowTooSmall(uint256 escrowWei, uint256 neededWei);
    error AllDrawn(bytes32 jobId);
    /// Not enough nodes of different operators are free: the next turn may find them.
    error NobodyFree(bytes32 jobId, uint256 unit);
    error UnitNotFailed(bytes32 jobId, uint256 unit);
    error TaskNotIn(bytes32 jobId, uint256 task, TaskState state);
    error NotNodeOf(bytes32 jobId, uint256 task, address node);
    error CommitmentInvalid(address node, address signer);
    error CommitClosed(uint256 commitBy);
    error RevealNotOpen(uint256 from);
    error RevealClosed(uint256 revealBy);
    error OpeningWrong(bytes32 jobId, uint256 task);
    error StillSilent(uint256 acceptedAt);
    error SilenceOver(uint256 acceptedAt);
    error NotMissed(bytes32 jobId, uint256 task);
    error CellProofWrong(uint32 cell);
    error KeyOpens(uint32 cell);
    error TasksOpen(uint256 count);

    /// @notice Posts the caller's job and takes unitCount x replicas x price of his tokens, approved to `Payments`, into its
    /// escrow. Refused while new work is stopped.
    function postJob(JobTerms calldata terms) external returns (bytes32 jobId);

    /// @notice Draws nodes for up to `count` further units with the seed of the turn that runs, which must be captured; the turn
    /// must have begun after the posting. Anyone may call it; whoever does cannot change the outcome. Stops early at a unit for which nobody
    /// is free, and reverts when that is the first.
    function draw(bytes32 jobId, uint256 count) external;

    /// @notice Draws units anew of which no task can be paid any more: all of them missed, over, or refused. Possible from the turn after
    /// the failure on, so that who fails cannot know what he would cause. What a refused task took out of the escrow must be
    /// there again (`topUp`). Anyone may call it.
    function redraw(bytes32 jobId, uint256[] calldata units) external;

    /// @notice Commits to results of a node's drawn tasks. Anyone may submit it.
    /// @param signature The node's EIP-712 `RenderCommit(bytes32 jobId,address node,bytes32 commitmentsHash)`, domain "Hearth RenderMarket", version "1",
    /// commitmentsHash = keccak256(abi.encode(uint256[] tasks, bytes32[] commitments)).
    function commit(
        bytes32 jobId,
        address node,
        uint256[] calldata tasks,
        bytes32[] calldata commitments,
        bytes calldata signature
    ) external;

    /// @notice Opens commitments, once all replicas of the unit have committed or their time is over, within `revealSeconds`.
    /// Anyone may submit it. What is revealed already is skipped, so that no one can spoil a batch.
    function reveal(bytes32 jobId, Opening[] calldata openings) external;

    /// @notice Accepts revealed results. Customer only.
    function accept(bytes32 jobId, uint256[] calldata tasks) external;

    /// @notice Rejects a revealed result before the silence is over, and calls a panel. Customer only; takes a bond of a quarter of the
    /// price (rounded up), which the panel gets when he is wrong and he gets back when he is right.
    function reject(bytes32 jobId, uint256 task, uint32[] calldata cells) external;

    /// @notice Publishes the keys of a node's accepted results (by word, or by `silenceSeconds` of silence after the reveal) and pays for
    /// them. Anyone may submit it. What is paid already is skipped.
    function release(bytes32 jobId, address node, Release[] calldata releases) external;

    /// @notice Books tasks whose time is over: not committed in time, not revealed in time, or not released within
    /// `silenceSeconds` after the acceptance. Anyone may call it; what is booked already is skipped. A release that
    /// lands before the booking still counts.
    function miss(bytes32 jobId, uint256[] calldata tasks) external;

    /// @notice Proves that the key of a paid task does not open one cell of what was committed to. Anyone may call it,
    /// once per task, while the silence after the payment lasts. What was paid stays earned (PROTOCOL 1.2); the node loses provision and standing.
    function proveBadKey(bytes32 jobId, Release calldata release, BadCell calldata bad) external;

    /// @notice Adds the caller's tokens to a job's escrow; anyone may.
    function topUp(bytes32 jobId, uint256 amountWei) external;

    /// @notice Ends the drawing of a job from the next turn on. Customer only. Not from this one: its seed may be known.
    function cancel(bytes32 jobId) external;

    /// @notice Returns what is left of the escrow. Customer only, once all units are drawn or the job was cancelled, and no
    /// task is open. Nothing is drawn again afterwards.
    function close(bytes32 jobId) external;

    /// @notice Ends a dispute. `RenderPanel` only, which names those who are paid for their votes: each a fifth of the bond,
    /// rounded down. When the result was right, from the customer's bond; else from the pay that the node does not get.
    function conclude(bytes32 jobId, uint256 task, Verdict verdict, address[] calldata paid) external;

    function timing() external view returns (Timing memory);

    /// @notice Id of a customer's job; his first has number 0.
    function jobIdOf(address customer, uint256 number) external pure returns (bytes32);

    function jobCount() external view returns (uint256);

    function jobCountOf(address customer) external view returns (uint256);

    /// @notice A page of the ids of all jobs in order of posting; shorter at the end.
    function jobIds(uint256 from, uint256 count) external view returns (bytes32[] memory);

    /// @notice Reverts with `JobUnknown` when there never was one.
    function jobOf(bytes32 jobId) external view returns (JobView memory);

    /// @notice A page of a job's units; shorter at the end.
    function unitsOf(bytes32 jobId, uint256 from, uint256 count) external view returns (UnitView[] memory);

    /// @notice A page of a job's tasks; shorter at the end.
    function tasksOf(bytes32 jobId, uint256 from, uint256 count) external view returns (TaskView[] memory);

    /// @notice What rejecting a task of this job costs until the panel has decided.
    function bondOf(bytes32 jobId) external view returns (uint256);
}
