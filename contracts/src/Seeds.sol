// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISeeds} from "./interfaces/ISeeds.sol";

/// @title Seeds, as ISeeds describes it.
contract Seeds is ISeeds {
    /// @dev Far enough that the opener cannot know the hash, near enough that a period is hardly shortened.
    uint256 private constant DELAY_BLOCKS = 8;
    /// @dev The EVM keeps 256 hashes; the margin leaves room for a capture that waits in a queue.
    uint256 private constant CAPTURE_BLOCKS = 200;

    uint256 public immutable override slotSeconds;

    mapping(uint256 slot => Seed) private _seeds;

    constructor(uint256 slotSeconds_) {
        slotSeconds = slotSeconds_;
    }

    /// @inheritdoc ISeeds
    function open(uint256 slot) external override {
        Seed storage seed = _seeds[slot];
        uint256 dueAt = slot * slotSeconds;
        if (block.timestamp < dueAt) revert SlotNotDue(slot, dueAt);
        if (seed.capturedAt != 0) revert SlotAlreadyCaptured(slot);
        uint256 drawBlock = seed.drawBlock;
        if (drawBlock != 0 && block.number <= drawBlock + CAPTURE_BLOCKS) revert SlotAlreadyOpen(slot, drawBlock);
        drawBlock = block.number + DELAY_BLOCKS;
        seed.drawBlock = uint64(drawBlock);
        emit SeedOpened(slot, drawBlock);
    }

    /// @inheritdoc ISeeds
    function capture(uint256 slot) external override {
        Seed storage seed = _seeds[slot];
        uint256 drawBlock = seed.drawBlock;
        if (drawBlock == 0) revert SlotNotOpen(slot);
        if (seed.capturedAt != 0) revert SlotAlreadyCaptured(slot);
        if (block.number <= drawBlock) revert DrawBlockNotPassed(slot, drawBlock);
        // A chain that was restored from a file may not know the hash although it is recent: then the slot waits for
        // its next opening instead of becoming zero.
        bytes32 value = block.number <= drawBlock + CAPTURE_BLOCKS ? blockhash(drawBlock) : bytes32(0);
        if (value == 0) revert DrawBlockHashGone(slot, drawBlock);
        seed.value = value;
        seed.capturedAt = uint64(block.timestamp);
        emit SeedCaptured(slot, value);
    }

    /// @inheritdoc ISeeds
    function seedOf(uint256 slot) external view override returns (bytes32 value, uint256 capturedTime) {
        Seed storage seed = _seeds[slot];
        return (seed.value, seed.capturedAt);
    }

    /// @inheritdoc ISeeds
    function capturedAt(uint256 slot) external view override returns (uint256) {
        return _seeds[slot].capturedAt;
    }

    /// @inheritdoc ISeeds
    function slots(uint256 slot) external view override returns (Seed memory) {
        return _seeds[slot];
    }
}
