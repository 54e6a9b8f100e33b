// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RewardsFixture} from "../support/RewardsFixture.sol";

/// @dev Pays, lets time pass, finalizes and claims, and keeps the books of rewards in the plainest way: all weights of all
/// epochs, and every share computed from them.
contract RewardsHandler is RewardsFixture {
    uint256 private constant TENTHS = 9;

    mapping(uint256 owner => mapping(uint256 which => uint256)) public paid;
    mapping(uint256 owner => mapping(uint256 which => mapping(uint256 epoch => uint256))) public weightGwei;
    mapping(uint256 owner => uint256) public claimed;
    uint256 public paidInAll;

    constructor() {
        super.setUp();
    }

    function setUp() public override {}

    function payForWork(uint256 owner, uint256 which, uint256 amount, uint256 size) external {
        (owner, which) = (bound(owner, 0, PEOPLE - 1), bound(which, 0, 2));
        uint256[4] memory sizes = [uint256(100), 50e9, 1e18, 400_000e18];
        amount = bound(amount, 1, sizes[bound(size, 0, 3)]);
        if (token.balanceOf(customer.addr) < amount) return;
        work(owner, which, amount);
        uint256 before = paid[owner][which];
        paid[owner][which] = before + amount;
        paidInAll += amount;
        weightGwei[owner][which][token.currentEpoch()] += (before + amount + 19) / 20 / 1e9 - (before + 19) / 20 / 1e9;
    }

    function letTimePass(uint256 elapsed) external {
        elapsed = bound(elapsed, 1, 4 * EPOCH);
        vm.warp(block.timestamp + elapsed);
    }

    function finalizeAny(uint256 epoch) external {
        if (token.currentEpoch() == 1) return;
        rewards.finalize(bound(epoch, 1, token.currentEpoch() - 1));
    }

    function claimSome(uint256 owner, uint256 micro) external {
        owner = bound(owner, 0, PEOPLE - 1);
        uint256 available = payments.earningsOf(owners[owner].addr).claimableWei / 1e12;
        if (available == 0) return;
        micro = bound(micro, 1, available);
        claim(owners[owner], uint64(micro));
        claimed[owner] += micro * 1e12;
    }

    function shareOf(uint256 owner, uint256 which, uint256 epoch) public view returns (uint256) {
        uint256 total;
        for (uint256 i; i < PEOPLE; ++i) total += weightGwei[i][which][epoch];
        if (total == 0) return 0;
        uint256 weight = weightGwei[owner][which][epoch];
        uint256 bySchedule = (weight * (token.ceilingWei(roles[which], epoch) / 1e9)) / total;
        uint256 byBurn = (weight * TENTHS) / 10;
        return (bySchedule < byBurn ? bySchedule : byBurn) * 1e9;
    }

    function check() external view {
        uint256 current = token.currentEpoch();
        uint256 fees;
        uint256 claims;
        for (uint256 i; i < PEOPLE; ++i) {
            uint256 expected;
            uint256 burned;
            for (uint256 j; j < 3; ++j) {
                burned += (paid[i][j] + 19) / 20;
                fees += paid[i][j] - (paid[i][j] + 19) / 20;
                for (uint256 epoch = 1; epoch < current; ++epoch) expected += shareOf(i, j, epoch);
            }
            vm.assertEq(rewardsOf(i), expected, "every share is what the plain books say");
            vm.assertLe(expected * 10, burned * 9, "at most nine tenths of the burn");
            vm.assertEq(token.balanceOf(owners[i].addr), claimed[i], "claims are exactly what was signed");
            claims += claimed[i];
        }
        for (uint256 epoch = 1; epoch < current; ++epoch) checkEpoch(epoch);
        checkTokens(fees, claims);
    }

    function checkEpoch(uint256 epoch) private view {
        uint256[5] memory burned = payments.burnedIn(epoch);
        for (uint256 j; j < 3; ++j) {
            uint256 sum;
            uint256 weights;
            for (uint256 i; i < PEOPLE; ++i) {
                sum += shareOf(i, j, epoch);
                weights += weightGwei[i][j][epoch];
            }
            vm.assertLe(sum, token.ceilingWei(roles[j], epoch), "shares stay under the ceiling");
            vm.assertEq(burned[roles[j]], weights * 1e9, "totals are the sum of the weights");
        }
    }

    function checkTokens(uint256 fees, uint256 claims) private view {
        uint256 owed = fees + token.mintedWei() - claims;
        uint256 kept = token.balanceOf(address(payments));
        vm.assertTrue(kept >= owed, "payments can pay all it owes");
        vm.assertLe(kept - owed, paidInAll - fees, "and holds beyond it only fees that wait for their burning");
        vm.assertLe(token.totalSupply(), SUPPLY, "less is minted than was burned");
        vm.assertLe(token.mintedWei(), (token.currentEpoch() - 1) * 68_000e18, "never more than the schedule");
    }
}
