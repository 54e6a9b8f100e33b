// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStewardship} from "./interfaces/IStewardship.sol";

/// @title Stewardship, as IStewardship describes it.
/// @dev Holds no tokens and calls nobody.
contract Stewardship is IStewardship {
    uint256 public immutable override noticeSeconds;

    address public override admin;
    address public override proposedAdmin;
    address public override minter;
    // One slot: all that `newWorkAllowed` reads.
    address public override guard;
    bool public override paused;
    uint48 private _successorAt;
    address private _successor;
    address private _proposedMinter;
    uint48 private _minterAt;

    constructor(address admin_, address guard_, address minter_, uint256 noticeSeconds_) {
        if (admin_ == address(0)) revert AddressMissing();
        if (guard_ == admin_) revert RolesNotApart(guard_);
        (admin, guard, minter, noticeSeconds) = (admin_, guard_, minter_, noticeSeconds_);
        emit AdminChanged(address(0), admin_);
        emit GuardChanged(address(0), guard_);
        emit MinterChanged(address(0), minter_);
    }

    modifier onlyAdmin() {
        if (msg.sender != admin) revert NotAdmin(msg.sender);
        _;
    }

    modifier onlyGuard() {
        if (msg.sender != guard) revert NotGuard(msg.sender);
        _;
    }

    /// @inheritdoc IStewardship
    function proposeAdmin(address proposed) external override onlyAdmin {
        proposedAdmin = proposed;
        emit AdminProposed(msg.sender, proposed);
    }

    /// @inheritdoc IStewardship
    function acceptAdmin() external override {
        if (msg.sender != proposedAdmin) revert NotProposedAdmin(msg.sender);
        if (msg.sender == guard) revert RolesNotApart(msg.sender);
        emit AdminChanged(admin, msg.sender);
        (admin, proposedAdmin) = (msg.sender, address(0));
    }

    /// @inheritdoc IStewardship
    function setGuard(address guard_) external override onlyAdmin {
        if (guard_ == msg.sender) revert RolesNotApart(guard_);
        emit GuardChanged(guard, guard_);
        guard = guard_;
    }

    /// @inheritdoc IStewardship
    function pauseNewWork() external override onlyGuard {
        if (paused) revert PauseUnchanged(true);
        paused = true;
        emit NewWorkPaused(msg.sender);
    }

    /// @inheritdoc IStewardship
    function resumeNewWork() external override onlyGuard {
        if (!paused) revert PauseUnchanged(false);
        paused = false;
        emit NewWorkResumed(msg.sender);
    }

    /// @inheritdoc IStewardship
    function nameSuccessor(address named) external override onlyAdmin {
        if (named == address(0)) revert AddressMissing();
        if (_successor != address(0)) revert SuccessorNamedAlready(_successor);
        uint256 effectiveAt = block.timestamp + noticeSeconds;
        (_successor, _successorAt) = (named, uint48(effectiveAt));
        emit SuccessorNamed(named, effectiveAt);
    }

    /// @inheritdoc IStewardship
    function proposeMinter(address proposed) external override onlyAdmin {
        if (proposed == address(0)) revert AddressMissing();
        // Replacing a proposal would let another name ride on the notice of the first.
        if (_proposedMinter != address(0)) revert MinterProposedAlready(_proposedMinter);
        uint256 effectiveAt = block.timestamp + noticeSeconds;
        (_proposedMinter, _minterAt) = (proposed, uint48(effectiveAt));
        emit MinterProposed(proposed, effectiveAt);
    }

    /// @inheritdoc IStewardship
    function cancelMinter() external override onlyAdmin {
        emit MinterProposalCancelled(_takeProposedMinter());
    }

    /// @inheritdoc IStewardship
    function completeMinter() external override {
        uint256 effectiveAt = _minterAt;
        address proposed = _takeProposedMinter();
        if (block.timestamp < effectiveAt) revert NoticeRunning(effectiveAt);
        emit MinterChanged(minter, proposed);
        minter = proposed;
    }

    /// @inheritdoc IStewardship
    function proposedMinter() external view override returns (address, uint256) {
        return (_proposedMinter, _minterAt);
    }

    /// @inheritdoc IStewardship
    function successor() external view override returns (address, uint256) {
        return (_successor, _successorAt);
    }

    /// @inheritdoc IStewardship
    function newWorkAllowed() external view override returns (bool) {
        return !paused && (_successorAt == 0 || block.timestamp < _successorAt);
    }

    function _takeProposedMinter() private returns (address proposed) {
        proposed = _proposedMinter;
        if (proposed == address(0)) revert MinterNotProposed();
        (_proposedMinter, _minterAt) = (address(0), 0);
    }
}
