// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title One public random seed per slot, shared by all markets (PROTOCOL 4).
/// @notice Nobody is paid to open or capture; whoever waits for a proof does. A caller must not treat a slot as random
/// before it is captured. If nobody captures within 200 blocks the seed is drawn anew, which a prover could only cause
/// when everyone else is away as well.
interface ISeeds {
    struct Seed {
        bytes32 value;
        uint64 drawBlock;
        uint64 capturedAt;
    }

    event SeedOpened(uint256 indexed slot, uint256 drawBlock);
    event SeedCaptured(uint256 indexed slot, bytes32 seed);

    error SlotNotDue(uint256 slot, uint256 dueAt);
    error SlotAlreadyOpen(uint256 slot, uint256 drawBlock);
    error SlotNotOpen(uint256 slot);
    error SlotAlreadyCaptured(uint256 slot);
    error DrawBlockNotPassed(uint256 slot, uint256 drawBlock);
    error DrawBlockHashGone(uint256 slot, uint256 drawBlock);

    /// @notice Length of a slot in seconds; slot h begins at h times this.
    function slotSeconds() external view returns (uint256);

    /// @notice Fixes the block whose hash will be the seed: eight blocks from now. Possible once the slot has begun.
    function open(uint256 slot) external;

    /// @notice Stores the hash of the fixed block. Possible from the block after it for 200 blocks.
    function capture(uint256 slot) external;

    /// @notice Seed and time of capture; both zero while it is not captured.
    function seedOf(uint256 slot) external view returns (bytes32 value, uint256 capturedAt);

    /// @notice Time of capture, zero while it is not captured.
    function capturedAt(uint256 slot) external view returns (uint256);

    /// @notice The whole record of a slot.
    function slots(uint256 slot) external view returns (Seed memory);
}
