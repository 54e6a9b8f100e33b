// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRepairFund} from "../../src/interfaces/IRepairFund.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {Wallet} from "../support/Base.sol";
import {RepairFixture} from "../support/RepairFixture.sol";

/// @dev A repairer that moves one piece to and fro between two nodes whenever it may; never reverts, keeps its own books.
contract RepairHandler is RepairFixture {
    uint256 public paidIn;
    uint256 public paidBack;
    uint256 public moves;
    uint256 public losses;
    uint256 private place;
    bool private onOther;

    constructor() {
        super.setUp();
        fund(customer.addr, 1e25);
        paidIn = escrowOn(node.addr);
    }

    function setUp() public override {}

    function named() private view returns (bool) {
        return repairFund.namingOf(customer.addr, repairer.addr).endsAt > block.timestamp;
    }

    function start(uint256 budget) external {
        if (repairFund.repairersOf(customer.addr).length != 0) return;
        budget = bound(budget, 1, 1e21);
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, termsOf(), budget);
        paidIn += budget;
    }

    function topUp(uint256 amount) external {
        if (!named()) return;
        amount = bound(amount, 1, 1e21);
        vm.prank(customer.addr);
        repairFund.topUp(customer.addr, repairer.addr, amount);
        paidIn += amount;
    }

    function passPeriod() external {
        nextPeriod();
    }

    function loseAndMove() external {
        if (!named()) return;
        for (uint256 i; i < 3; ++i) nextPeriod();
        (Wallet memory from, Wallet memory to) = onOther ? (other, node) : (node, other);
        uint256 before = budgetLeft();
        uint256 escrow = escrowOn(to.addr);
        uint256 needed =
            (market.rateOf(market.setIdOf(customer.addr, to.addr)) + ((LEAVES * uint256(PRICE)) >> 25)) * 30;
        uint256 cost = (needed > escrow ? needed - escrow : 0) + feeOf(1);
        if (cost > before || !named()) return;
        losses += 1;
        IRepairFund.Lost[] memory lost = lostOf(from.addr, place, 1);
        uint256 next = market.dataSet(customer.addr, node.addr).pieceCount;
        if (!onOther) next = pieceCountOf(other.addr);
        repairOnto(to, lost, 0);
        (place, onOther) = (next, !onOther);
        moves += 1;
    }

    function settle(bool ofOther) external {
        address key = ofOther ? other.addr : node.addr;
        (uint256 open, uint256 since) = repairFund.openFeeOf(customer.addr, repairer.addr, key);
        if (open == 0 || currentPeriod() <= since + 5) return;
        uint256 before = token.balanceOf(customer.addr);
        repairFund.settleFee(customer.addr, repairer.addr, key);
        paidBack += token.balanceOf(customer.addr) - before;
    }

    function end() external {
        if (!named()) return;
        vm.prank(customer.addr);
        repairFund.end(repairer.addr);
        vm.warp(block.timestamp + repairFund.noticeSeconds());
        uint256 before = token.balanceOf(customer.addr);
        repairFund.takeBack(customer.addr, repairer.addr);
        paidBack += token.balanceOf(customer.addr) - before;
    }

    function pieceCountOf(address key) private view returns (uint256) {
        try market.dataSet(customer.addr, key) returns (IStorageMarket.SetView memory set) {
            return set.pieceCount;
        } catch {
            return 0;
        }
    }

    /// @dev All that Payments holds for the customer: two sets, the budget and two fees.
    function held() external view returns (uint256 sum) {
        (uint256 first, ) = repairFund.openFeeOf(customer.addr, repairer.addr, node.addr);
        (uint256 second, ) = repairFund.openFeeOf(customer.addr, repairer.addr, other.addr);
        IPayments.Earnings memory earnings = payments.earningsOf(repairOperator.addr);
        return
            escrowOn(node.addr) +
            escrowOn(other.addr) +
            budgetLeft() +
            first +
            second +
            earnings.earnedWei -
            earnings.rewardsWei;
    }

    function leavesStored() external view returns (uint256 sum) {
        sum = market.dataSet(customer.addr, node.addr).leafCount;
        if (pieceCountOf(other.addr) != 0) sum += market.dataSet(customer.addr, other.addr).leafCount;
    }

    function tokensInPayments() external view returns (uint256) {
        return token.balanceOf(address(payments));
    }
}
