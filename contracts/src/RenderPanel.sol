// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IRenderMarket} from "./interfaces/IRenderMarket.sol";
import {IRenderPanel} from "./interfaces/IRenderPanel.sol";
import {IRenderPool} from "./interfaces/IRenderPool.sol";
import {ISeeds} from "./interfaces/ISeeds.sol";

/// @title RenderPanel, as IRenderPanel describes it.
contract RenderPanel is IRenderPanel, EIP712 {
    struct Seat {
        address member;
        Vote vote;
        bytes32 commitment;
    }

    struct Panel {
        uint40 voteBy;
        uint40 revealBy;
        uint8 revealed;
        Seat[] seats;
    }

    uint256 private constant SEATS = 5;
    uint256 private constant AGREEING = 4;
    bytes32 private constant VOTE_TYPE = keccak256(
        "PanelVote(bytes32 jobId,uint256 task,address member,bytes32 commitment,uint256 voteBy)"
    );
    bytes32 private constant CONCEDE_TYPE = keccak256("Concede(bytes32 jobId,uint256 task,uint256 rejectedAt)");

    IRegistry private immutable REGISTRY;
    ISeeds private immutable SEEDS;
    IRenderPool private immutable POOL;
    IRenderMarket private immutable MARKET;
    uint256 private immutable TURN_SECONDS;
    uint256 private immutable SLOTS_PER_TURN;
    uint256 private immutable REVEAL_SECONDS;
    uint256 private immutable SILENCE_SECONDS;

    mapping(bytes32 jobId => mapping(uint256 task => Panel)) private _panels;

    constructor(
        IRegistry registry,
        ISeeds seeds,
        IRenderPool pool,
        IRenderMarket market,
        IRenderMarket.Timing memory timing
    ) EIP712("Hearth RenderPanel", "1") {
        (REGISTRY, SEEDS, POOL, MARKET) = (registry, seeds, pool, market);
        TURN_SECONDS = timing.turnSeconds;
        SLOTS_PER_TURN = timing.slotsPerTurn;
        (REVEAL_SECONDS, SILENCE_SECONDS) = (timing.revealSeconds, timing.silenceSeconds);
    }

    /// @inheritdoc IRenderPanel
    function draw(bytes32 jobId, uint256 task) external override {
        Panel storage panel = _panels[jobId][task];
        if (panel.voteBy != 0) revert PanelDrawnAlready(jobId, task);
        (uint256 rejectedAt, ) = _disputed(jobId, task);
        bytes32 seed = _seedAfter(rejectedAt);
        IRenderMarket.JobTerms memory terms = MARKET.jobOf(jobId).terms;
        address[] memory members = POOL.drawPanel(
            seed,
            keccak256(abi.encode(jobId, task, rejectedAt)),
            terms.backEndClass,
            SEATS,
            _operatorsOfUnit(jobId, task, terms.replicas)
        );
        if (members.length != SEATS) revert TooFewNodes(members.length);
        panel.voteBy = uint40(block.timestamp + terms.commitSeconds + REVEAL_SECONDS);
        panel.revealBy = uint40(panel.voteBy + REVEAL_SECONDS);
        for (uint256 i; i < SEATS; ++i) panel.seats.push(Seat(members[i], Vote.None, 0));
        emit PanelDrawn(jobId, task, members, panel.voteBy, panel.revealBy);
    }

    /// @inheritdoc IRenderPanel
    function vote(
        bytes32 jobId,
        uint256 task,
        address member,
        bytes32 commitment,
        bytes calldata signature
    ) external override {
        Panel storage panel = _drawn(jobId, task);
        if (block.timestamp > panel.voteBy) revert VoteClosed(panel.voteBy);
        Seat storage seat = _seatOf(panel, member);
        if (seat.commitment != 0) revert VotedAlready(member);
        bytes32 structHash = keccak256(abi.encode(VOTE_TYPE, jobId, task, member, commitment, uint256(panel.voteBy)));
        _requireSigner(structHash, signature, member);
        seat.commitment = commitment;
        emit VoteCommitted(jobId, task, member);
    }

    /// @inheritdoc IRenderPanel
    function revealVote(bytes32 jobId, uint256 task, address member, Vote vote_, bytes32 salt) external override {
        Panel storage panel = _drawn(jobId, task);
        if (block.timestamp <= panel.voteBy) revert RevealNotOpen(panel.voteBy);
        if (block.timestamp > panel.revealBy) revert RevealClosed(panel.revealBy);
        if (vote_ == Vote.None) revert VoteInvalid();
        Seat storage seat = _seatOf(panel, member);
        bytes32 commitment = keccak256(abi.encode(jobId, task, member, vote_, salt));
        if (seat.commitment != commitment || seat.vote != Vote.None) revert OpeningWrong(member);
        seat.vote = vote_;
        ++panel.revealed;
        emit VoteRevealed(jobId, task, member, vote_);
    }

    /// @inheritdoc IRenderPanel
    function settle(bytes32 jobId, uint256 task) external override {
        (uint256 rejectedAt, ) = _disputed(jobId, task);
        Panel storage panel = _panels[jobId][task];
        if (panel.voteBy == 0) {
            uint256 until = rejectedAt + SILENCE_SECONDS;
            if (block.timestamp <= until) revert StillVoting(until);
            _conclude(jobId, task, IRenderMarket.Verdict.Undecided, new address[](0));
            return;
        }
        if (panel.revealed != SEATS && block.timestamp <= panel.revealBy) revert StillVoting(panel.revealBy);
        (IRenderMarket.Verdict verdict, address[] memory paid) = _count(panel);
        // A unit that is drawn anew may come here again.
        delete _panels[jobId][task];
        _conclude(jobId, task, verdict, paid);
    }

    /// @inheritdoc IRenderPanel
    function concede(bytes32 jobId, uint256 task, bytes calldata signature) external override {
        if (_panels[jobId][task].voteBy != 0) revert PanelDrawnAlready(jobId, task);
        (uint256 rejectedAt, address node) = _disputed(jobId, task);
        _requireSigner(keccak256(abi.encode(CONCEDE_TYPE, jobId, task, rejectedAt)), signature, node);
        _conclude(jobId, task, IRenderMarket.Verdict.Conceded, new address[](0));
    }

    /// @inheritdoc IRenderPanel
    function panelOf(bytes32 jobId, uint256 task) external view override returns (PanelView memory view_) {
        Panel storage panel = _panels[jobId][task];
        IRenderMarket.TaskView[] memory found = MARKET.tasksOf(jobId, task, 1);
        if (found.length != 0 && found[0].state == IRenderMarket.TaskState.Disputed) {
            view_.firstTurn = found[0].changedAt / TURN_SECONDS + 1;
        }
        (view_.voteBy, view_.revealBy) = (panel.voteBy, panel.revealBy);
        uint256 count = panel.seats.length;
        (view_.members, view_.commitments) = (new address[](count), new bytes32[](count));
        view_.votes = new Vote[](count);
        for (uint256 i; i < count; ++i) {
            Seat storage seat = panel.seats[i];
            (view_.members[i], view_.commitments[i], view_.votes[i]) = (seat.member, seat.commitment, seat.vote);
        }
    }

    /// @dev Four of five agree or nobody does: two sides of four do not fit into five.
    function _count(Panel storage panel) private view returns (IRenderMarket.Verdict verdict, address[] memory paid) {
        uint256[4] memory votes;
        for (uint256 i; i < SEATS; ++i) ++votes[uint256(panel.seats[i].vote)];
        if (votes[uint256(Vote.Right)] >= AGREEING) verdict = IRenderMarket.Verdict.Right;
        if (votes[uint256(Vote.Wrong)] >= AGREEING) verdict = IRenderMarket.Verdict.Wrong;
        bool decided = verdict != IRenderMarket.Verdict.Undecided;
        Vote side = verdict == IRenderMarket.Verdict.Right ? Vote.Right : Vote.Wrong;
        paid = new address[](decided ? votes[uint256(side)] : SEATS - votes[uint256(Vote.None)]);
        uint256 next;
        for (uint256 i; i < SEATS; ++i) {
            Vote cast = panel.seats[i].vote;
            if (decided ? cast == side : cast != Vote.None) paid[next++] = panel.seats[i].member;
        }
    }

    function _conclude(bytes32 jobId, uint256 task, IRenderMarket.Verdict verdict, address[] memory paid) private {
        emit PanelSettled(jobId, task, verdict);
        MARKET.conclude(jobId, task, verdict, paid);
    }

    function _disputed(bytes32 jobId, uint256 task) private view returns (uint256 rejectedAt, address node) {
        IRenderMarket.TaskView[] memory found = MARKET.tasksOf(jobId, task, 1);
        if (found.length == 0 || found[0].state != IRenderMarket.TaskState.Disputed) revert NotDisputed(jobId, task);
        return (found[0].changedAt, found[0].node);
    }

    function _seedAfter(uint256 rejectedAt) private view returns (bytes32 seed) {
        (uint256 turn, uint256 firstTurn) = (block.timestamp / TURN_SECONDS, rejectedAt / TURN_SECONDS + 1);
        if (turn < firstTurn) revert TooEarlyToDraw(turn, firstTurn);
        uint256 slot = turn * SLOTS_PER_TURN;
        uint256 capturedAt;
        (seed, capturedAt) = SEEDS.seedOf(slot);
        if (capturedAt == 0) revert SeedMissing(slot);
    }

    function _operatorsOfUnit(
        bytes32 jobId,
        uint256 task,
        uint256 replicas
    ) private view returns (address[] memory operators) {
        IRenderMarket.TaskView[] memory tasks = MARKET.tasksOf(jobId, task - (task % replicas), replicas);
        operators = new address[](replicas);
        for (uint256 i; i < replicas; ++i) operators[i] = REGISTRY.operatorOf(tasks[i].node);
    }

    function _drawn(bytes32 jobId, uint256 task) private view returns (Panel storage panel) {
        panel = _panels[jobId][task];
        if (panel.voteBy == 0) revert PanelNotDrawn(jobId, task);
    }

    function _seatOf(Panel storage panel, address member) private view returns (Seat storage seat) {
        for (uint256 i; i < SEATS; ++i) {
            seat = panel.seats[i];
            if (seat.member == member) return seat;
        }
        revert NotMember(member);
    }

    function _requireSigner(bytes32 structHash, bytes calldata signature, address node) private view {
        (address signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (signer != node || signer == address(0)) revert VoteSignatureInvalid(node, signer);
    }
}
