// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISentences} from "./ISentences.sol";

/// @title All tokens that are on their way: locks for vouchers, escrow of markets, what operators have earned.
/// @notice Every payment for work burns a twentieth; the rest is the operator's, counted in `earnedWei` for ever and paid
/// out only by his own claim, to his payout address, together with his shares of the epochs' rewards (see IRewards). Nobody else can move it: no role key, no customer, no market, no administrator (there is
/// none). Tokens sent here by plain transfer are lost: only the functions below book them.
interface IPayments is ISentences {
    /// @notice A running total signed by a customer. Only the last one of a lane is worth anything, so a node redeems
    /// one however many requests it served.
    struct Voucher {
        address customer;
        address node;
        bytes32 lane;
        uint256 cumulativeWei;
        uint64 expiry;
    }

    /// @notice Tokens that one customer set aside for one node. Thawing tokens can still be redeemed until withdrawn.
    struct Lock {
        uint128 lockedWei;
        uint128 thawingWei;
        uint128 redeemedWei;
        uint64 thawEndsAt;
    }

    /// @notice A payout address that an operator has announced; zero when there is none.
    struct PayoutChange {
        address to;
        uint64 effectiveAt;
    }

    /// @notice Totals of an operator; all but the claimable amount only ever rise. Shares of ended epochs that nobody has
    /// finalized are counted as if each were finalized now.
    struct Earnings {
        uint256 earnedWei;
        uint256 feeBurnedWei;
        uint256 claimedWei;
        uint256 claimableWei;
        /// The part of `earnedWei` that is shares of ended epochs.
        uint256 rewardsWei;
        /// What his sentences moved into stake.
        uint256 movedToStakeWei;
    }

    /// @notice What an operator has in one role, and where his reward stands.
    struct AccountView {
        uint256 feesEarnedWei;
        uint256 feeBurnedWei;
        /// Epoch of the last payment; zero when there was none.
        uint256 epoch;
        /// Fee burned in that epoch, in whole gwei: its weight.
        uint256 weightWei;
        /// Shares of the epochs before that one.
        uint256 settledRewardWei;
        /// Share of that epoch: zero while it runs and when it lapsed.
        uint256 dueRewardWei;
    }

    /// @notice What was paid for. `RenderUnit` is also what members of a panel get.
    enum Work {
        StorageProof,
        Voucher,
        Repair,
        RenderUnit,
        EnergyDay
    }

    event Locked(address indexed customer, address indexed node, uint256 amount);
    event ThawStarted(address indexed customer, address indexed node, uint256 amount, uint256 endsAt);
    event Withdrawn(address indexed customer, address indexed node, uint256 amount);
    event VoucherRedeemed(address indexed customer, address indexed node, bytes32 indexed lane, uint256 amount);
    event EscrowFunded(address indexed market, bytes32 indexed setId, address payer, uint256 amount);
    event EscrowRefunded(address indexed market, bytes32 indexed setId, address customer, uint256 amount);
    event EscrowMoved(
        address indexed fromMarket,
        bytes32 indexed fromId,
        address toMarket,
        bytes32 indexed toId,
        uint256 amount
    );
    /// @param settledRewardWei Share of the operator's last epoch in this role, when this is the first payment since.
    event Earned(
        address indexed operator,
        address indexed node,
        address indexed customer,
        uint8 role,
        Work work,
        uint256 earnedWei,
        uint256 burnedWei,
        uint256 settledRewardWei
    );
    event Claimed(address indexed operator, address indexed to, uint256 amount, uint32 number);
    event MovedToStake(address indexed operator, address indexed market, uint256 amount, uint32 number);
    /// @notice A waiting change of payout; one that was announced before is replaced by it.
    event PayoutAnnounced(address indexed operator, address indexed to, uint256 effectiveAt, uint32 number);
    event PayoutCancelled(address indexed operator, address indexed to, uint32 number);
    event PayoutChanged(address indexed operator, address indexed to);

    error LengthsDiffer(uint256 nodes, uint256 amounts);
    error AmountZero();
    error AmountOverflow(uint256 amount);
    error LockTooSmall(uint256 wanted, uint256 available);
    error NothingThawing(address customer, address node);
    error StillThawing(uint256 endsAt);
    error VoucherExpired(uint64 expiry);
    error VoucherSignatureInvalid(address customer, address signer);
    error NothingToRedeem(bytes32 lane, uint256 cumulativeWei, uint256 redeemedWei);
    error LockEmpty(address customer, address node);
    error EscrowTooSmall(uint256 wanted, uint256 available);
    error Available(uint256 availableWei);
    error RewardBeyondCap(address operator, uint256 rewardWei, uint256 capWei);
    error NotRewards(address caller);
    error PayoutRefused(address to);
    error NoPayoutChange(address operator);
    error PayoutWaiting(uint256 effectiveAt);

    /// @notice Sets tokens aside for nodes, one balance each, in one transfer of the caller's approved tokens.
    function lock(address[] calldata nodes, uint256[] calldata amounts) external;

    /// @notice Starts to take `amount` back. A second call replaces amount and end. The node can redeem until the end.
    function startThaw(address node, uint256 amount) external;

    /// @notice Pays the thawed amount (or what is left of it) to the caller.
    function withdraw(address node) external;

    /// @notice Pays what a voucher adds to what its lane has redeemed, as far as the lock goes. Anyone may submit it; the
    /// tokens go to the operator that the node is bound to, also when it has been revoked since.
    /// @dev The customer must not sign more for a lane than he means to pay in all, and must use one lane per process.
    function redeem(Voucher calldata voucher, bytes calldata signature) external;

    /// @notice Redeems many; those that add nothing are skipped, so that no one can spoil a batch by redeeming one of it.
    function redeemMany(Voucher[] calldata vouchers, bytes[] calldata signatures) external;

    /// @notice Books a payer's approved tokens as escrow of the calling market's set. Markets only, and a market must only
    /// ever name its own caller as payer.
    function fundEscrow(address payer, bytes32 setId, uint256 amount) external;

    /// @notice Pays for work from a set's escrow, as far as it goes. Markets only.
    /// @return paidWei What left the escrow, and what remains in it.
    function payFromEscrow(
        bytes32 setId,
        address operator,
        address node,
        address customer,
        uint256 amount
    ) external returns (uint256 paidWei, uint256 leftWei);

    /// @notice Moves part of an escrow of the calling market to another id of it, or to another market's. Markets only, and
    /// only with the consent of the customer whom both belong to.
    function moveEscrow(bytes32 fromId, address toMarket, bytes32 toId, uint256 amount) external;

    /// @notice Returns what is left of a set's escrow to its customer. Markets only.
    function refundEscrow(bytes32 setId, address customer) external returns (uint256 amount);

    /// @notice Credits everything that is due (fees of all roles, shares of all ended epochs; those that nobody has finalized
    /// are finalized on the way), then pays exactly `micro` millionths of a token to the operator's payout address by his
    /// sentence, which names it: one that was signed for another payout is refused. Reverts with `Available` when he has
    /// less.
    function claim(
        address operator,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external;

    /// @notice Announces where claims go once the waiting time is over, by the operator's sentence. A second change replaces
    /// the first and waits anew. Refuses the zero account and the contracts of this deployment, which could not pass
    /// tokens on. Whoever shows it must also offer `cancelPayout`: the wait is there for it.
    function changePayout(
        address operator,
        address to,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external;

    /// @notice Takes an announced change back, by a sentence that names its address; reverts when there is none.
    function cancelPayout(address operator, uint32 number, uint32 deadlineMinutes, bytes calldata signature) external;

    /// @notice Puts an announced change into effect once its time has come; anyone may. Until somebody does, claims go where
    /// they went before. Claims that were signed for the old address are then refused.
    function finishPayout(address operator) external;

    /// @notice Makes the payments of coming epochs cheaper; `Rewards.finalize` calls it. Anyone may, it changes no amount.
    function prepareEpochs() external;

    /// @notice Marks an ended epoch as paid or lapsed and destroys the fees that it burned. `Rewards` only, once per epoch,
    /// and when it is paid it must mint the epoch's rewards to this contract in the same transaction.
    function closeEpoch(uint256 epoch, bool paid) external;

    /// @notice Moves exactly `micro` millionths of a token from what the operator can claim into his provision for a market,
    /// by his sentence. From then on they can be slashed; `Registry.unstake` asks them back. Credits and reverts as `claim`
    /// does.
    function stake(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external;

    /// @notice How long an unlock thaws.
    function thawSeconds() external view returns (uint256);

    /// @notice How long a change of payout waits.
    function payoutWaitSeconds() external view returns (uint32);

    /// @notice Where claims go: the operator himself until he changed it.
    function payoutOf(address operator) external view returns (address);

    /// @notice The change that waits (or whose time has come and nobody finished), zeros when there is none.
    function payoutChangeOf(address operator) external view returns (PayoutChange memory);

    function escrowOf(address market, bytes32 setId) external view returns (uint256);

    function lockOf(address customer, address node) external view returns (Lock memory);

    /// @notice What a lane has redeemed so far, which a voucher must exceed.
    function redeemedOf(address customer, address node, bytes32 lane) external view returns (uint256);

    function earningsOf(address operator) external view returns (Earnings memory);

    function accountOf(address operator, uint8 role) external view returns (AccountView memory);

    /// @notice Fee burned in an epoch by role, in whole gwei of each operator's running sum.
    function burnedIn(uint256 epoch) external view returns (uint256[5] memory burnedWei);

    /// @notice The text that `stake` expects to be signed; the market is named by its role.
    function stakeSentence(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view returns (string memory);

    /// @notice The text that `claim` expects to be signed; it names the present payout.
    function claimSentence(
        address operator,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view returns (string memory);

    /// @notice The text that `changePayout` expects to be signed.
    function payoutSentence(address to, uint32 number, uint32 deadlineMinutes) external view returns (string memory);

    /// @notice The text that `cancelPayout` expects to be signed while `to` is announced.
    function cancelPayoutSentence(
        address to,
        uint32 number,
        uint32 deadlineMinutes
    ) external view returns (string memory);
}
