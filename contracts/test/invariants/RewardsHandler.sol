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
        Closed memory closed;
        for (uint256 epoch = 1; epoch < current; ++epoch) checkEpoch(epoch, closed);
        checkTokens(fees, claims, closed);
    }

    /// @dev What the epochs that were finalized should have minted, shared out and destroyed.
    struct Closed {
        uint256 mintedWei;
        uint256 sharedWei;
        uint256 destroyedWei;
        uint256 mostDustWei;
    }

    function checkEpoch(uint256 epoch, Closed memory closed) private view {
        uint256[5] memory burned = payments.burnedIn(epoch);
        for (uint256 j; j < 3; ++j) {
            uint256 sum;
            uint256 weights;
            uint256 paidOwners;
            for (uint256 i; i < PEOPLE; ++i) {
                sum += shareOf(i, j, epoch);
                weights += weightGwei[i][j][epoch];
                if (weightGwei[i][j][epoch] != 0) ++paidOwners;
            }
            uint256 ceiling = token.ceilingWei(roles[j], epoch);
            vm.assertLe(sum, ceiling, "shares stay under the ceiling");
            vm.assertEq(burned[roles[j]], weights * 1e9, "totals are the sum of the weights");
            if (!rewards.finalized(epoch) || weights == 0) continue;
            uint256 byBurn = ((weights * TENTHS) / 10) * 1e9;
            closed.mintedWei += byBurn < ceiling ? byBurn : ceiling;
            closed.sharedWei += sum;
            closed.destroyedWei += weights * 1e9;
            closed.mostDustWei += (paidOwners - 1) * 1e9;
        }
    }

    /// @dev To the wei: claims not made, fees of epochs that are open, gwei that are not full, and the dust of shares.
    function checkTokens(uint256 fees, uint256 claims, Closed memory closed) private view {
        vm.assertEq(token.mintedWei(), closed.mintedWei, "each closed epoch minted its total");
        vm.assertEq(token.totalSupply(), SUPPLY + closed.mintedWei - closed.destroyedWei, "and destroyed its fees");
        uint256 dust = closed.mintedWei - closed.sharedWei;
        vm.assertLe(dust, closed.mostDustWei, "less than a gwei is left over of each share");
        uint256 owed = fees + closed.sharedWei - claims;
        uint256 waiting = paidInAll - fees - closed.destroyedWei;
        vm.assertEq(token.balanceOf(address(payments)), owed + waiting + dust, "payments holds exactly its books");
        vm.assertLe(token.totalSupply(), SUPPLY, "less is minted than was burned");
        vm.assertLe(token.mintedWei(), (token.currentEpoch() - 1) * 68_000e18, "never more than the schedule");
    }
}
