// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {ISentences} from "../../src/interfaces/ISentences.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../../src/libraries/DataSets.sol";
import {Fixture} from "../support/Fixture.sol";

/// @dev Does what people may do, never what reverts, and keeps its own books of it.
contract Handler is Fixture {
    uint256 public escrowed;
    uint256 public lockedIn;
    uint256 public withdrawn;
    uint256 public refunded;
    uint256 public staked;
    uint256 public claimed;
    /// @dev Where claims must go, and what has gone where.
    address public payout;
    address public safe;
    mapping(address to => uint256) public claimedTo;
    uint256 public unstaked;
    uint256 public movedToStake;
    uint256 public lastEarned;
    uint256 public lastBurned;
    bool public wentBack;
    uint256 private pieceCount;
    mapping(uint256 lane => uint256) private promised;

    constructor() {
        super.setUp();
        (payout, safe) = (operator.addr, walletOf(70).addr);
        authorize(operator, node, 0);
        fund(customer.addr, 1e25);
        add(1e21);
    }

    function setUp() public override {}

    function add(uint256 deposit) private {
        addPieces(piecesOf(pieceCount, 3, 4), deposit);
        pieceCount += 3;
        escrowed += deposit;
    }

    function active() private view returns (bool) {
        return market.dataSet(customer.addr, node.addr).state == DataSets.State.Active;
    }

    modifier watched() {
        _;
        IPayments.Earnings memory earnings = payments.earningsOf(operator.addr);
        if (earnings.earnedWei < lastEarned || earnings.feeBurnedWei < lastBurned) wentBack = true;
        (lastEarned, lastBurned) = (earnings.earnedWei, earnings.feeBurnedWei);
    }

    function addMore(uint256 deposit) external watched {
        if (!active() || pieceCount > 60) return;
        deposit = bound(deposit, 1e20, 1e21);
        add(deposit);
    }

    function topUp(uint256 amount) external watched {
        if (!active()) return;
        amount = bound(amount, 0, 1e20);
        vm.prank(customer.addr);
        market.topUp(customer.addr, node.addr, amount);
        escrowed += amount;
    }

    function provePeriod() external watched {
        uint256 period = nextPeriod();
        if (market.dataSet(customer.addr, node.addr).frozenLeafCount == 0 || !active()) return;
        market.provePossession(customer.addr, node.addr, period, proofOf(0, 4, period));
    }

    function missPeriod() external watched {
        nextPeriod();
        market.settle(customer.addr, node.addr);
    }

    function dropSet() external watched {
        if (!active() || block.timestamp % 7 != 0) return;
        vm.prank(customer.addr);
        market.drop(node.addr);
        nextPeriod();
        uint256 before = token.balanceOf(customer.addr);
        market.finish(customer.addr, node.addr);
        refunded += token.balanceOf(customer.addr) - before;
    }

    function lockMore(uint256 amount) external watched {
        amount = bound(amount, 1, 1e20);
        lock(customer.addr, node.addr, amount);
        lockedIn += amount;
    }

    function redeemMore(uint256 lane, uint256 amount) external watched {
        if (payments.lockOf(customer.addr, node.addr).lockedWei == 0) return;
        lane = bound(lane, 0, 3);
        promised[lane] += bound(amount, 1, 2e20);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(
            customer,
            node.addr,
            bytes32(lane),
            promised[lane]
        );
        payments.redeem(voucher, signature);
    }

    function thaw(uint256 amount) external watched {
        uint256 locked = payments.lockOf(customer.addr, node.addr).lockedWei;
        if (locked == 0) return;
        vm.startPrank(customer.addr);
        payments.startThaw(node.addr, bound(amount, 1, locked));
        vm.warp(block.timestamp + THAW);
        uint256 before = token.balanceOf(customer.addr);
        payments.withdraw(node.addr);
        withdrawn += token.balanceOf(customer.addr) - before;
        vm.stopPrank();
    }

    function stakeMore(uint256 amount) external watched {
        amount = bound(amount, 1, 1e20);
        stake(operator.addr, amount);
        staked += amount;
    }

    function stakeSomeEarned(uint256 micro) external watched {
        uint256 available = payments.earningsOf(operator.addr).claimableWei / 1e12;
        if (available == 0) return;
        micro = bound(micro, 1, available);
        stakeEarned(operator, uint64(micro));
        movedToStake += micro * 1e12;
    }

    /// @dev Only an operator without open work may; who has some takes new work instead, which ends an unbonding.
    function unstakeSome(uint256 micro) external watched {
        uint256 available = registry.provisionOf(operator.addr, address(market)) / 1e12;
        if (active() || available == 0) return;
        unstake(operator, uint64(bound(micro, 1, available)));
    }

    function withdrawStake() external watched {
        if (registry.stakeOf(operator.addr, address(market)).unbondingWei == 0) return;
        vm.warp(block.timestamp + UNBONDING);
        uint256 before = token.balanceOf(operator.addr);
        registry.withdrawStake(operator.addr, address(market));
        unstaked += token.balanceOf(operator.addr) - before;
    }

    function claimSome(uint256 micro) external watched {
        uint256 available = payments.earningsOf(operator.addr).claimableWei / 1e12;
        if (available == 0) return;
        micro = bound(micro, 1, available);
        claim(operator, uint64(micro));
        claimed += micro * 1e12;
        claimedTo[payout] += micro * 1e12;
    }

    function closeAnEpoch(uint256 epoch) external watched {
        if (token.currentEpoch() == 1) return;
        rewards.finalize(bound(epoch, 1, token.currentEpoch() - 1));
    }

    function announcePayout(bool himself) external watched {
        changePayout(operator, himself ? operator.addr : safe);
    }

    function cancelAnnounced() external watched {
        if (payments.payoutChangeOf(operator.addr).to == address(0)) return;
        cancelPayout(operator);
    }

    function finishAnnounced() external watched {
        IPayments.PayoutChange memory change = payments.payoutChangeOf(operator.addr);
        if (change.to == address(0)) return;
        if (block.timestamp < change.effectiveAt) vm.warp(change.effectiveAt);
        payments.finishPayout(operator.addr);
        payout = change.to;
    }

    function books() external view returns (address, address, address, address, address, address, address) {
        return (
            address(token),
            address(registry),
            address(payments),
            address(market),
            operator.addr,
            node.addr,
            customer.addr
        );
    }
}
