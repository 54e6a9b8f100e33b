// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "./ISentences.sol";

/// @title Who works for whom: nodes bound to operators, their public keys and prices, and the stake behind them.
/// @notice A node (role key) is bound once in its life, by its operator's sentence and by its own signature. It stays
/// bound to that operator for ever, also when revoked, so that work done before still pays him. No network address is
/// stored: it would tie a home's IP address to a wallet for good.
interface IRegistry is ISentences {
    /// @notice One node to bind. `publicKey` is x and y of the secp256k1 key; `acceptance` the node's EIP-712 `Accept`.
    struct NodeBinding {
        address node;
        uint8 role;
        bytes publicKey;
        bytes acceptance;
    }

    /// @notice What the operator consents to for one machine. Roles must rise strictly, so each set has one encoding.
    struct Authorization {
        address operator;
        NodeBinding[] nodes;
        uint64 riskMicro;
        uint64 spendPerDayMicro;
        uint32 number;
        uint32 deadlineMinutes;
    }

    /// @notice Prices that a node asks for, in wei; `sequence` must rise with every change.
    struct Terms {
        uint96 pricePerGiBPeriodWei;
        uint64 retrievalPricePerMiBWei;
        uint40 minimumBytesPerSecond;
        uint32 sequence;
    }

    /// @notice A node as readers get it.
    struct NodeView {
        address node;
        address operator;
        uint8 role;
        bool revoked;
        uint40 boundAt;
        uint32 authorization;
        bytes32 publicKeyX;
        bytes32 publicKeyY;
        Terms terms;
    }

    /// @notice What one machine of an operator may lose and spend.
    struct Allowance {
        uint96 riskWei;
        uint96 slashedWei;
        uint64 spendPerDayMicro;
    }

    /// @notice What an operator has put behind his work in one market.
    struct Provision {
        /// All of it, also what is on its way out: a slash is counted from this.
        uint128 stakedWei;
        /// What his sentence asked back. It can be slashed until it is withdrawn.
        uint128 unbondingWei;
        uint64 unbondingEndsAt;
        /// Work of the market that is open; while there is any, nothing can be on its way out.
        uint32 openWork;
    }

    event NodeBound(
        address indexed node,
        address indexed operator,
        uint8 indexed role,
        uint32 authorization,
        bytes publicKey
    );
    event NodeRevoked(address indexed node, address indexed operator);
    event Authorized(address indexed operator, uint32 indexed number, uint256 riskWei, uint64 spendPerDayMicro);
    event TermsSet(address indexed node, Terms terms);
    event Staked(address indexed operator, address indexed market, address payer, uint256 amount);
    event UnstakeStarted(
        address indexed operator,
        address indexed market,
        uint256 amount,
        uint256 endsAt,
        uint32 number
    );
    event UnstakeCancelled(address indexed operator, address indexed market, uint256 amount);
    event StakeWithdrawn(address indexed operator, address indexed market, uint256 amount);
    event Slashed(address indexed operator, address indexed market, address indexed node, uint256 amount);

    error NodeCountInvalid(uint256 count);
    error RoleInvalid(uint8 role);
    error RolesNotRising(uint8 previous, uint8 role);
    error PublicKeyInvalid(address node);
    error AcceptanceInvalid(address node, address signer);
    error NodeAlreadyBound(address node, address operator);
    error NodeIsRevoked(address node);
    error NodeUnknown(address node);
    error NotOperatorOf(address node, address operator);
    error TermsNotNewer(uint32 sequence, uint32 last);
    error TermsSignatureInvalid(address node, address signer);
    error AmountZero();
    error NewWorkStopped();
    error WorkOpen(uint256 count);
    error ProvisionTooSmall(uint256 wanted, uint256 available);
    error NothingUnbonding(address operator, address market);
    error StillUnbonding(uint256 endsAt);

    /// @notice Binds all keys of one machine by one sentence; all or nothing. Refused while new work is stopped.
    /// @param signature 65 bytes over `authorizeSentence`, or empty when the operator sends the call himself.
    function authorize(Authorization calldata authorization, bytes calldata signature) external;

    /// @notice Ends a key for ever, at once. Repeating it does nothing; revoking a key that is not bound yet keeps this
    /// operator's earlier consent to it from ever landing.
    function revoke(address operator, address node, bytes calldata signature) external;

    /// @notice Publishes a node's prices by its own signature; anyone may submit it.
    function setTerms(address node, Terms calldata terms, bytes calldata signature) external;

    /// @notice Adds the caller's tokens to an operator's provision for a market. They can be slashed from then on, and go
    /// back only to the operator, by his own `unstake`.
    function stakeFor(address operator, address market, uint256 amount) external;

    /// @notice Starts to take exactly `micro` millionths of a token out of a provision by the operator's sentence. A second
    /// sentence replaces amount and end. Refused while the market counts open work of his; new work that begins before the
    /// withdrawal ends the unbonding.
    /// @param signature 65 bytes over `unstakeSentence`, or empty when the operator sends the call himself.
    function unstake(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external;

    /// @notice Pays what has been unbonding long enough, or what slashes left of it, to the operator's own address. Anyone
    /// may call it.
    function withdrawStake(address operator, address market) external;

    /// @notice Counts work that an operator has begun, and ends his unbonding. Markets only.
    function workBegan(address operator) external;

    /// @notice Counts work off again. Markets only, once for each `workBegan`.
    function workEnded(address operator) external;

    /// @notice Burns part of the provision behind a node, for a fault that the calling market found.
    /// @dev Markets only. Takes one percent of the provision, at most ten times in a window and never more than the
    /// machine's sentence put at risk; takes nothing beyond, and never reverts for that, so that bookkeeping goes on.
    /// @return slashedWei What was burned.
    function slash(address node) external returns (uint256 slashedWei);

    /// @notice Operator that the node is bound to, revoked or not; zero when never bound.
    function operatorOf(address node) external view returns (address);

    /// @notice Operator and role of a node; reverts when it was never bound.
    function bindingOf(address node) external view returns (address operator, uint8 role);

    /// @notice Operator of a node that may take new work in a role; reverts with the reason why not, which may
    /// be that new work is stopped altogether.
    function activeOperator(address node, uint8 role) external view returns (address);

    function provisionOf(address operator, address market) external view returns (uint256);

    /// @notice The whole record behind `provisionOf`.
    function stakeOf(address operator, address market) external view returns (Provision memory);

    /// @notice How long stake is slashable after the sentence that asks it back.
    function unbondingSeconds() external view returns (uint256);

    function allowanceOf(address operator, uint32 number) external view returns (Allowance memory);

    /// @notice The record of one node; `operator` is zero when it was never bound.
    function nodeOf(address node) external view returns (NodeView memory);

    function nodeCount(uint8 role) external view returns (uint256);

    /// @notice A page of the nodes of a role in order of binding; shorter at the end.
    function nodesOf(uint8 role, uint256 from, uint256 count) external view returns (NodeView[] memory);

    /// @notice The text that `authorize` expects to be signed.
    function authorizeSentence(Authorization calldata authorization) external view returns (string memory);

    /// @notice The text that `unstake` expects to be signed; the market is named by its role.
    function unstakeSentence(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view returns (string memory);

    /// @notice The text that `revoke` expects to be signed.
    function revokeSentence(address node) external view returns (string memory);
}
