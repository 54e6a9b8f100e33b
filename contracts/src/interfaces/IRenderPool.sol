// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who takes render work, how likely each is drawn, and what is known of his work (PROTOCOL 6.1 and 6.6).
/// @notice A node is in the pool until the time it signed for, at most `expirySeconds` ahead, and renews that. It is drawn with the
/// weight max(share, minimum of its tier) in whole tokens, where the share is its operator's provision for the render market divided
/// by his nodes in the pool. A draw in a turn (see IRenderMarket) uses the weights that stood when the turn began: whoever joins, leaves or stakes
/// after the seed is known changes only later draws.
///
/// Tiers. A node has tier 0 until 20 of its units were accepted; then its speed counts: accepted pixel samples over the time from draw
/// to commitment, of about the last hundred units. 1 from 1, 2 from 10, 3 from 100 million a second. A strike sets the count back to zero.
///
/// Open work. The provision must be ten times the price of all tasks that an operator has open. Who has less holds one
/// open task at a time, of tier 0 and rendered by another operator as well. Nodes of fewer than 20 accepted units render only units
/// that others render as well.
interface IRenderPool {
    struct WorkerView {
        address node;
        address operator;
        bool inPool;
        uint8 backEndClass;
        uint8 tier;
        /// Most tasks at a time that the node wants.
        uint8 capacity;
        uint256 until;
        /// In whole tokens.
        uint256 weight;
        uint256 openTasks;
        uint256 acceptedUnits;
        uint256 missed;
        uint256 strikes;
        uint256 kilosamplesPerSecond;
    }

    /// @notice What a market asks to be drawn. The seed must be that of the turn that runs.
    struct Request {
        bytes32 seed;
        /// What it is drawn for: different for each unit and draw.
        bytes32 key;
        uint8 backEndClass;
        uint8 tier;
        uint8 replicas;
        uint256 priceWei;
    }

    struct Drawn {
        address node;
        address operator;
        /// It is the operator's only open task.
        bool first;
    }

    enum Outcome {
        Accepted,
        Missed,
        Struck,
        Neutral
    }

    event WorkTaken(
        address indexed node,
        address indexed operator,
        uint8 backEndClass,
        uint8 tier,
        uint256 weight,
        uint256 until
    );
    event WorkStopped(address indexed node);
    event Struck(address indexed node, uint256 strikes);

    error ClassInvalid(uint8 backEndClass);
    error CapacityInvalid(uint8 capacity);
    error UntilInvalid(uint64 until);
    error ConsentInvalid(address node, address signer);
    error NotInPool(address node);
    error NotExpired(address node, uint256 until);
    error NotRenderMarket(address caller);

    /// @notice Puts a node into the pool or keeps it there. Anyone may submit it. `until` must rise with every call.
    /// @param signature The node's EIP-712 `TakeWork(address node,uint8 backEndClass,uint8 capacity,uint64 until)`, domain "Hearth RenderPool", version "1".
    function takeWork(
        address node,
        uint8 backEndClass,
        uint8 capacity,
        uint64 until,
        bytes calldata signature
    ) external;

    /// @notice Takes a node out of the pool at once. What it has been given it still owes. Draws of the turn that runs pass it over.
    /// @param signature The node's EIP-712 `StopWork(address node,uint64 until)` over its present `until`.
    function stopWork(address node, bytes calldata signature) external;

    /// @notice Takes nodes out whose time is over. Anyone may call it; until someone does, draws pass them over.
    function evict(address[] calldata nodes) external;

    /// @notice Draws nodes of different operators, all `replicas` of them or none, and counts their tasks as open. `RenderMarket` only.
    function draw(Request calldata request) external returns (Drawn[] memory drawn);

    /// @notice Books the end of a task. `RenderMarket` only, once for each node of a draw.
    /// @return idle No task of the operator is open any more.
    function finish(
        address node,
        address operator,
        Outcome outcome,
        uint256 priceWei,
        uint256 kilosamples,
        uint256 seconds_
    ) external returns (bool idle);

    /// @notice Books a fault that was found after the end of a task. `RenderMarket` only.
    function strike(address node) external;

    /// @notice Draws up to `count` nodes of different operators without giving them work, none of `strangersTo`.
    function drawPanel(
        bytes32 seed,
        bytes32 key,
        uint8 backEndClass,
        uint256 count,
        address[] calldata strangersTo
    ) external view returns (address[] memory nodes);

    /// @notice How long a node may sign for.
    function expirySeconds() external view returns (uint256);

    function workerOf(address node) external view returns (WorkerView memory);

    /// @notice A page of the nodes that were ever in the pool, in order of their first time; shorter at the end.
    function workers(uint256 from, uint256 count) external view returns (WorkerView[] memory);

    /// @notice Sum of weights in one tier of a back end, as draws of the running turn see it.
    function weightOf(uint8 backEndClass, uint8 tier) external view returns (uint256);

    /// @notice What an operator has open.
    function openOf(address operator) external view returns (uint256 tasks, uint256 priceWei);
}
