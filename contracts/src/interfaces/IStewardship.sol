// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Every power that somebody holds over this deployment, and nothing else.
/// @notice Three accounts, apart from each other: the admin hands over his role in two steps, appoints the guard, names a
/// successor once and changes the minter with notice; the guard pauses and resumes new work; the minter is a contract that
/// the token asks for here. None of them can move, freeze or destroy anybody's tokens: there is no function for it, and no
/// other contract lets them. What is accepted goes on, is proven and paid; exits, claims and thaws are never asked for
/// permission.
/// @dev Contracts that begin new work must ask `newWorkAllowed`; those that end it must not.
interface IStewardship {
    event AdminProposed(address indexed admin, address indexed proposed);
    event AdminChanged(address indexed previous, address indexed admin);
    event GuardChanged(address indexed previous, address indexed guard);
    event NewWorkPaused(address indexed guard);
    event NewWorkResumed(address indexed guard);
    event SuccessorNamed(address indexed successor, uint256 effectiveAt);
    event MinterProposed(address indexed proposed, uint256 effectiveAt);
    event MinterProposalCancelled(address indexed proposed);
    event MinterChanged(address indexed previous, address indexed minter);

    error NotAdmin(address caller);
    error NotProposedAdmin(address caller);
    error NotGuard(address caller);
    error AddressMissing();
    error RolesNotApart(address account);
    error PauseUnchanged(bool paused);
    error SuccessorNamedAlready(address successor);
    error MinterProposedAlready(address proposed);
    error MinterNotProposed();
    error NoticeRunning(uint256 effectiveAt);

    /// @notice Offers the admin's role to an account, which must accept it; zero withdraws the offer. Admin only.
    function proposeAdmin(address proposed) external;

    /// @notice Takes over the admin's role that was offered to the caller.
    function acceptAdmin() external;

    /// @notice Appoints another guard at once; zero means that nobody can pause or resume. Admin only.
    function setGuard(address guard_) external;

    /// @notice Stops new work until `resumeNewWork`. Guard only.
    function pauseNewWork() external;

    /// @notice Allows new work again, unless a successor has taken over. Guard only.
    function resumeNewWork() external;

    /// @notice Names the deployment that follows this one, once and for ever. After the notice this one begins no new work;
    /// everybody moves, or does not, by his own sentence. Admin only.
    function nameSuccessor(address successor) external;

    /// @notice Announces another minter. It can be completed by anyone after the notice, and cancelled by the admin until
    /// then. Admin only.
    function proposeMinter(address proposed) external;

    /// @notice Withdraws the announced minter. Admin only.
    function cancelMinter() external;

    /// @notice Makes the announced minter the minter once its notice is over. Anyone may call it.
    function completeMinter() external;

    function admin() external view returns (address);

    /// @notice Account that may accept the admin's role; zero when none.
    function proposedAdmin() external view returns (address);

    function guard() external view returns (address);

    /// @notice The one account for which the token mints, within the token's own schedule and cap.
    function minter() external view returns (address);

    /// @notice The announced minter and when its notice ends; zeros when none.
    function proposedMinter() external view returns (address proposed, uint256 effectiveAt);

    /// @notice The successor and when this deployment stops new work for it; zeros when none.
    function successor() external view returns (address named, uint256 effectiveAt);

    function paused() external view returns (bool);

    /// @notice Whether work may begin: not paused, and no successor's notice is over.
    function newWorkAllowed() external view returns (bool);

    /// @notice Seconds between an announcement and its effect.
    function noticeSeconds() external view returns (uint256);
}
