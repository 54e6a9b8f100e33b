// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStorageMarket} from "./IStorageMarket.sol";

/// @title Repair without the customer: a named repairer moves lost pieces to other nodes and is paid from a budget.
/// @notice The customer names a storage node, puts a budget aside in `Payments` and caps all that it may be spent on. A
/// repair takes pieces out of sets that missed both of the last two periods and adds the very same roots to a set on
/// another node, so a repairer can neither remove what is healthy nor add what was not there. It pays 30 periods of escrow
/// to the customer's own set, where he can take it back by ending the set. The fee is put aside and paid once the new node
/// has proven that set.
/// What a customer must know: a repairer may have nodes of its own under other operators and let them fail, which pays it
/// the fee each time. So name somebody you have reason to trust, keep the fee near the cost, and set the caps.
interface IRepairFund {
    /// @notice What the customer allows; amounts in wei, fees are rounded down.
    struct Terms {
        /// Dearest price that a new node may ask.
        uint96 priceCapPerGiBPeriodWei;
        uint64 retrievalPriceCapPerMiBWei;
        uint96 feePerPieceWei;
        uint96 feePerGiBWei;
        /// Most that all repairs of one proving period may take from the budget.
        uint128 spendCapPerPeriodWei;
        /// Seconds since 1970.
        uint40 expiry;
    }

    /// @notice Pieces of one lost set, by their indices in it.
    struct Lost {
        address node;
        uint256[] indices;
    }

    struct NamingView {
        Terms terms;
        /// Expiry, or the end of the notice; zero when there is no naming.
        uint256 endsAt;
        uint256 budgetWei;
        /// Taken in the running period.
        uint256 spentWei;
    }

    event RepairerNamed(address indexed customer, address indexed repairer, Terms terms, uint256 budgetWei);
    event RepairerEnding(address indexed customer, address indexed repairer, uint256 endsAt);
    event BudgetTakenBack(address indexed customer, address indexed repairer, uint256 amountWei);
    event Repaired(
        address indexed customer,
        address indexed repairer,
        address indexed node,
        uint256 pieceCount,
        uint256 depositWei,
        uint256 feeWei
    );
    event FeeSettled(
        address indexed customer,
        address indexed repairer,
        address indexed node,
        uint256 paidWei,
        uint256 returnedWei
    );

    error BudgetMissing();
    error ExpiryPassed(uint256 expiry);
    error NamedAlready(address customer, address repairer);
    error NotNamed(address customer, address repairer);
    error EndingAlready(uint256 endsAt);
    error StillNamed(uint256 endsAt);
    error PriceAboveCap(uint256 price, uint256 cap);
    error SpendAboveCap(uint256 spentWei, uint256 cap);
    error OwnNode(address node);
    error FeeNotDue(address node);
    error NoFee(address node);

    /// @notice Names a storage node as the caller's repairer and takes the budget from his approved tokens. Terms are fixed
    /// until the naming has ended and its budget is back.
    function name(address repairer, Terms calldata terms, uint256 budgetWei) external;

    /// @notice Adds the caller's tokens to a budget; anyone may.
    function topUp(address customer, address repairer, uint256 amountWei) external;

    /// @notice Ends a naming after the notice, so that a repair that is under way is still paid.
    function end(address repairer) external;

    /// @notice Returns what is left of a budget to its customer once the naming is over; anyone may call it. Fees of repairs
    /// whose proof is open stay aside.
    function takeBack(address customer, address repairer) external;

    /// @notice Moves lost pieces to `node`, which signed for exactly these in this order. Callable by the repairer only.
    /// @dev The deposit is computed here: what the set lacks for 30 periods, no more.
    function repair(
        address customer,
        address node,
        Lost[] calldata lost,
        IStorageMarket.Acceptance calldata acceptance,
        bytes calldata signature
    ) external;

    /// @notice Pays the fee for repairs onto `node` once it has proven them, or returns it to the customer when there is
    /// no proof after five periods; anyone may call it.
    function settleFee(address customer, address repairer, address node) external;

    function noticeSeconds() external view returns (uint256);

    function namingOf(address customer, address repairer) external view returns (NamingView memory);

    /// @notice All that a customer has named and not taken back.
    function repairersOf(address customer) external view returns (address[] memory);

    /// @notice A fee that waits for a proof, and the period of the last repair it is for.
    function openFeeOf(
        address customer,
        address repairer,
        address node
    ) external view returns (uint256 feeWei, uint256 period);
}
