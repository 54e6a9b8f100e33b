// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "./IRenderMarket.sol";

/// @title Five drawn nodes who say whether a rejected result is right (PROTOCOL 6.4).
/// @notice The contract counts votes, it never compares pictures. A member renders the cells that `TaskRejected` names from the
/// job's own seeds, gets the node's cells with their proofs, and compares within the tolerance of that pair of back ends: within
/// it a result is right, whatever else differs. Cells that the node does not show in time are wrong. Who cannot tell (the
/// scene cannot be had, the pair is not calibrated) votes Neither. Votes are committed before any is revealed.
///
/// commitment = keccak256(abi.encode(bytes32 jobId, uint256 task, address member, uint8 vote, bytes32 salt)).
///
/// Members are paid for votes that are revealed in time: those of the four or five who agreed, or all where no four did. Each gets a fifth of
/// the bond, so what a member gets does not depend on which side wins.
interface IRenderPanel {
    enum Vote {
        None,
        /// The result is right (A).
        Right,
        /// The result is wrong (B).
        Wrong,
        Neither
    }

    struct PanelView {
        /// Turn from which on it may be drawn: the one after the rejection. Zero when the task is not in dispute.
        uint256 firstTurn;
        uint256 voteBy;
        uint256 revealBy;
        address[] members;
        bytes32[] commitments;
        Vote[] votes;
    }

    event PanelDrawn(bytes32 indexed jobId, uint256 indexed task, address[] members, uint256 voteBy, uint256 revealBy);
    event VoteCommitted(bytes32 indexed jobId, uint256 indexed task, address indexed member);
    event VoteRevealed(bytes32 indexed jobId, uint256 indexed task, address indexed member, Vote vote);
    event PanelSettled(bytes32 indexed jobId, uint256 indexed task, IRenderMarket.Verdict verdict);

    error NotDisputed(bytes32 jobId, uint256 task);
    error PanelDrawnAlready(bytes32 jobId, uint256 task);
    error PanelNotDrawn(bytes32 jobId, uint256 task);
    error TooEarlyToDraw(uint256 turn, uint256 firstTurn);
    error SeedMissing(uint256 slot);
    error TooFewNodes(uint256 found);
    error NotMember(address node);
    error VoteSignatureInvalid(address member, address signer);
    error VoteClosed(uint256 voteBy);
    error VotedAlready(address member);
    error VoteInvalid();
    error RevealNotOpen(uint256 voteBy);
    error RevealClosed(uint256 revealBy);
    error OpeningWrong(address member);
    error StillVoting(uint256 until);

    /// @notice Draws the panel of a disputed task: five nodes of its back end, of five operators, none of whom rendered the unit. Anyone may
    /// call it, from the turn after the rejection on. They have the job's own time and `revealSeconds` to vote.
    function draw(bytes32 jobId, uint256 task) external;

    /// @notice Commits a member's vote, once. Anyone may submit it.
    /// @param signature The member's EIP-712 `PanelVote(bytes32 jobId,uint256 task,address member,bytes32 commitment,uint256 voteBy)`, domain "Hearth RenderPanel", version "1".
    function vote(bytes32 jobId, uint256 task, address member, bytes32 commitment, bytes calldata signature) external;

    /// @notice Opens a member's vote after the time to vote, within `revealSeconds`. Anyone may submit it.
    function revealVote(bytes32 jobId, uint256 task, address member, Vote vote_, bytes32 salt) external;

    /// @notice Counts the votes once all five are revealed or the time is over, and ends the dispute; the record of the panel is forgotten. Where no panel could be
    /// drawn within `silenceSeconds` of the rejection it ends undecided. Anyone may call it.
    function settle(bytes32 jobId, uint256 task) external;

    /// @notice Takes a disputed result back before a panel is drawn: unpaid and a strike, but no slash.
    /// @param signature The node's EIP-712 `Concede(bytes32 jobId,uint256 task,uint256 rejectedAt)` in the same domain; the time is the task's last change.
    function concede(bytes32 jobId, uint256 task, bytes calldata signature) external;

    function panelOf(bytes32 jobId, uint256 task) external view returns (PanelView memory);
}
