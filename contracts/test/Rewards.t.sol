// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../src/interfaces/IPayments.sol";
import {IRewards} from "../src/interfaces/IRewards.sol";
import {RewardsFixture} from "./support/RewardsFixture.sol";

contract RewardsTest is RewardsFixture {
    function test_the_first_epoch_began_with_the_deployment_and_ends_on_the_clock() public {
        vm.assertEq(token.currentEpoch(), 1);
        uint256 end = rewards.endOf(1);
        vm.assertEq(end % EPOCH, 0);
        vm.warp(end - 1);
        vm.assertEq(token.currentEpoch(), 1);
        vm.warp(end);
        vm.assertEq(token.currentEpoch(), 2);
    }

    function test_there_is_no_epoch_zero() public {
        bytes memory refusal = abi.encodeWithSelector(IRewards.EpochUnknown.selector, 0);
        vm.expectRevert(refusal);
        rewards.finalize(0);
        vm.expectRevert(refusal);
        rewards.endOf(0);
        vm.expectRevert(refusal);
        rewards.ratesOf(0);
        vm.expectRevert(refusal);
        rewards.totalOf(0);
        vm.expectRevert(refusal);
        rewards.lapses(0);
    }

    function testFuzz_an_epoch_is_finalized_from_its_end_on_and_once(uint256 epoch, address anyone) public {
        epoch = bound(epoch, 1, 2000);
        uint256 end = rewards.endOf(epoch);
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewards.EpochNotOver.selector, epoch, end));
        rewards.finalize(epoch);
        vm.assertFalse(rewards.finalized(epoch));
        vm.warp(end);
        vm.prank(anyone);
        rewards.finalize(epoch);
        vm.assertTrue(rewards.finalized(epoch));
        vm.assertFalse(rewards.finalized(epoch + 1));
        rewards.finalize(epoch);
        vm.assertTrue(rewards.finalized(epoch));
    }

    function test_finalizing_announces_totals_and_rates_by_role() public {
        work(0, 0, 20e18);
        work(1, 2, 1_000_000e18);
        uint256 ended = nextEpoch();
        uint256[5] memory burned;
        uint256[5] memory rates;
        (burned[0], rates[0]) = (1e18, 0.9e18);
        (burned[4], rates[4]) = (50_000e18, uint256(6_800e18) / 50_000);
        vm.expectEmit();
        emit IRewards.EpochFinalized(ended, burned, rates, 0.9e18 + 6_800e18);
        rewards.finalize(ended);
        (uint256[5] memory burnedNow, uint256[5] memory ratesNow) = rewards.ratesOf(ended);
        for (uint256 role; role < 5; ++role) {
            vm.assertEq(burnedNow[role], burned[role]);
            vm.assertEq(ratesNow[role], rates[role]);
        }
    }

    function test_a_small_epoch_pays_nine_tenths_of_what_was_burned() public {
        work(0, 0, 20e18);
        vm.assertEq(rewardsOf(0), 0);
        nextEpoch();
        vm.assertEq(rewardsOf(0), 0.9e18);
    }

    function test_a_large_epoch_shares_the_ceiling_of_its_role() public {
        work(0, 0, 1_000_000e18);
        work(1, 0, 3_000_000e18);
        work(2, 1, 100e18);
        nextEpoch();
        vm.assertEq(rewardsOf(0), STORAGE_CEILING / 4);
        vm.assertEq(rewardsOf(1), (STORAGE_CEILING * 3) / 4);
        vm.assertEq(rewardsOf(2), 4.5e18);
    }

    function testFuzz_shares_follow_the_burn_and_stay_under_both_limits(uint256[3] memory paid) public {
        uint256[3] memory burned;
        uint256 total;
        for (uint256 i; i < PEOPLE; ++i) {
            paid[i] = bound(paid[i], 1, 4_000_000e18);
            work(i, 0, paid[i]);
            burned[i] = (paid[i] + 19) / 20 / 1e9;
            total += burned[i];
        }
        nextEpoch();
        uint256 sum;
        for (uint256 i; i < PEOPLE; ++i) {
            uint256 bySchedule = total == 0 ? 0 : ((STORAGE_CEILING / 1e9) * burned[i]) / total;
            uint256 byBurn = (burned[i] * 9) / 10;
            uint256 share = (bySchedule < byBurn ? bySchedule : byBurn) * 1e9;
            vm.assertEq(rewardsOf(i), share);
            sum += share;
        }
        vm.assertLe(sum, STORAGE_CEILING, "sum of the shares");
    }

    function testFuzz_a_touch_settles_the_last_epoch_however_many_passed(uint256 paid, uint256 passed) public {
        paid = bound(paid, 1e9, 1_000_000e18);
        passed = bound(passed, 1, 1000);
        work(0, 0, paid);
        vm.warp(block.timestamp + passed * EPOCH);
        uint256 due = rewardsOf(0);
        IPayments.AccountView memory account = payments.accountOf(owners[0].addr, 0);
        vm.assertEq(account.dueRewardWei, due);
        vm.assertEq(account.settledRewardWei, 0);
        work(0, 0, 1);
        account = payments.accountOf(owners[0].addr, 0);
        vm.assertEq(account.epoch, token.currentEpoch());
        vm.assertEq(account.settledRewardWei, due);
        vm.assertEq(account.dueRewardWei, 0);
        vm.assertEq(account.feesEarnedWei + account.feeBurnedWei, paid + 1);
        vm.assertEq(rewardsOf(0), due);
    }

    function test_the_event_of_the_first_payment_since_tells_the_settled_share() public {
        work(0, 0, 20e18);
        nextEpoch();
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(
            customer,
            keys[0][0].addr,
            "lane",
            20e18
        );
        lock(customer.addr, keys[0][0].addr, 20e18);
        vm.expectEmit();
        emit IPayments.Earned(
            owners[0].addr,
            keys[0][0].addr,
            customer.addr,
            0,
            IPayments.Work.Voucher,
            19e18,
            1e18,
            0.9e18
        );
        payments.redeem(voucher, signature);
    }

    function test_an_account_that_was_never_paid_is_empty() public view {
        IPayments.AccountView memory account = payments.accountOf(owners[0].addr, 0);
        vm.assertEq(account.epoch, 0);
        vm.assertEq(account.feesEarnedWei + account.feeBurnedWei + account.weightWei, 0);
        vm.assertEq(account.settledRewardWei + account.dueRewardWei, 0);
    }

    function test_one_claim_credits_fees_and_rewards_of_all_roles() public {
        for (uint256 j; j < 3; ++j) work(0, j, 20e18);
        nextEpoch();
        uint256 supply = token.totalSupply();
        vm.assertEq(payments.earningsOf(owners[0].addr).claimableWei, 3 * 19.9e18);
        claim(owners[0], 1e6);
        vm.assertEq(token.balanceOf(owners[0].addr), 1e18);
        vm.assertEq(token.mintedWei(), 2.7e18);
        vm.assertEq(token.totalSupply(), supply + 2.7e18 - 3e18);
        vm.assertEq(payments.earningsOf(owners[0].addr).claimableWei, 3 * 19.9e18 - 1e18);
        claim(owners[0], uint64(3 * 19.9e6 - 1e6));
        vm.assertEq(token.mintedWei(), 2.7e18);
        vm.assertEq(payments.earningsOf(owners[0].addr).claimableWei, 0);
    }

    function testFuzz_claims_pay_what_was_signed_and_refuse_more(uint256 paid, uint64 micro) public {
        work(0, 0, bound(paid, 1e18, 1_000_000e18));
        nextEpoch();
        uint256 available = payments.earningsOf(owners[0].addr).claimableWei;
        micro = uint64(bound(micro, 1, available / 1e12));
        uint32 deadline = minutesAhead(24);
        uint64 tooMuch = uint64(available / 1e12 + 1);
        vm.prank(owners[0].addr);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Available.selector, available));
        payments.claim(owners[0].addr, tooMuch, 1, deadline, "");
        claim(owners[0], micro);
        vm.assertEq(token.balanceOf(owners[0].addr), uint256(micro) * 1e12);
        vm.assertEq(payments.earningsOf(owners[0].addr).claimableWei, available - uint256(micro) * 1e12);
    }

    function test_an_epoch_is_minted_and_its_fees_destroyed_when_it_is_closed() public {
        work(0, 0, 20e18);
        work(1, 0, 40e18);
        uint256 supply = token.totalSupply();
        uint256 kept = token.balanceOf(address(payments));
        uint256 ended = nextEpoch();
        vm.assertEq(rewards.totalOf(ended), 2.7e18);
        rewards.finalize(ended);
        vm.assertEq(token.mintedWei(), 2.7e18);
        vm.assertEq(token.totalSupply(), supply + 2.7e18 - 3e18);
        vm.assertEq(token.balanceOf(address(payments)), kept + 2.7e18 - 3e18);
        rewards.finalize(ended);
        vm.assertEq(token.mintedWei(), 2.7e18);
    }

    function test_claims_of_a_closed_epoch_mint_and_burn_nothing() public {
        work(0, 0, 20e18);
        rewards.finalize(nextEpoch());
        uint256 supply = token.totalSupply();
        claim(owners[0], 1);
        work(0, 0, 40e18);
        claim(owners[0], 1);
        vm.assertEq(token.totalSupply(), supply);
        nextEpoch();
        claim(owners[0], 1);
        vm.assertEq(token.totalSupply(), supply - 2e18 + 1.8e18);
    }

    function test_a_claim_closes_every_epoch_that_it_needs() public {
        work(0, 0, 20e18);
        uint256 first = nextEpoch();
        work(0, 1, 20e18);
        uint256 second = nextEpoch();
        work(0, 2, 20e18);
        uint256 third = nextEpoch();
        rewards.finalize(second);
        vm.assertEq(claimAll(0), 3 * 19.9e6);
        vm.assertTrue(rewards.finalized(first));
        vm.assertTrue(rewards.finalized(third));
        vm.assertEq(token.balanceOf(address(payments)), 0);
    }

    function test_a_payment_closes_the_epoch_that_it_settles() public {
        work(0, 0, 20e18);
        uint256 ended = nextEpoch();
        work(1, 0, 20e18);
        vm.assertFalse(rewards.finalized(ended));
        work(0, 0, 20e18);
        vm.assertTrue(rewards.finalized(ended));
        vm.assertEq(token.mintedWei(), 0.9e18);
    }

    /// @dev Totals of four epochs share a word; one that is not new saves the first payment of a role 17,100 gas.
    function test_finalizing_prepares_the_coming_word_of_every_role_and_a_payment_does_not() public {
        uint256 word = token.currentEpoch() / 4;
        work(0, 0, 20e18);
        uint256 ended = nextEpoch();
        work(0, 0, 20e18);
        vm.assertTrue(rewards.finalized(ended));
        for (uint8 role; role < 5; ++role) {
            vm.assertTrue(isPrepared(role, word));
            vm.assertFalse(isPrepared(role, word + 1));
        }
        rewards.finalize(nextEpoch());
        for (uint8 role; role < 5; ++role) vm.assertTrue(isPrepared(role, word + 1));
        vm.assertFalse(isPrepared(5, word + 1));
        vm.assertFalse(isPrepared(0, word + 2));
    }

    function isPrepared(uint256 role, uint256 word) private view returns (bool) {
        bytes32 key = bytes32((word << 8) | role);
        uint256 content = uint256(vm.load(address(payments), keccak256(abi.encode(key, totalsSlot()))));
        return content >> 255 == 1;
    }

    /// @dev The mapping of totals is found by the word that the deployment prepared, whatever the layout.
    function totalsSlot() private view returns (uint256 slot) {
        for (; slot < 32; ++slot) {
            if (uint256(vm.load(address(payments), keccak256(abi.encode(uint256(4), slot)))) >> 255 == 1) return slot;
        }
        revert("no totals found");
    }

    function testFuzz_epochs_are_closed_in_any_order(uint256 order) public {
        uint256 first = token.currentEpoch();
        for (uint256 i; i < 4; ++i) {
            work(0, 0, (i + 1) * 20e18);
            work(1, 0, 7);
            nextEpoch();
        }
        uint256[4] memory left = [uint256(0), 1, 2, 3];
        for (uint256 i = 4; i > 0; --i) {
            uint256 drawn = order % i;
            order /= i;
            rewards.finalize(first + left[drawn]);
            left[drawn] = left[i - 1];
        }
        vm.assertEq(rewardsOf(0), 10 * 0.9e18);
        vm.assertEq(token.mintedWei(), 10 * 0.9e18);
    }

    /// @dev Three operators whose shares are all rounded down.
    function testFuzz_roundings_leave_under_a_gwei_for_each_operator(uint256[3] memory paid) public {
        for (uint256 i; i < PEOPLE; ++i) work(i, 0, bound(paid[i], 1e10, 4_000_000e18));
        rewards.finalize(nextEpoch());
        uint256 shares = rewardsOf(0) + rewardsOf(1) + rewardsOf(2);
        vm.assertLe(shares, token.mintedWei(), "shares are covered");
        vm.assertLe(token.mintedWei() - shares, (PEOPLE - 1) * 1e9, "and hardly more is minted");
    }

    function testFuzz_only_rewards_closes_epochs(address other, uint256 epoch, bool paid) public {
        vm.assume(other != address(rewards));
        work(0, 0, 20e18);
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(IPayments.NotRewards.selector, other));
        payments.closeEpoch(epoch, paid);
        uint256 running = token.currentEpoch();
        vm.prank(address(rewards));
        payments.closeEpoch(running, paid);
        vm.assertEq(token.totalSupply(), SUPPLY - 1e18);
        vm.assertEq(payments.burnedIn(running)[0], 1e18);
    }

    function test_rates_and_totals_of_a_running_epoch_are_those_of_now() public {
        work(0, 0, 20e18);
        uint256 running = token.currentEpoch();
        vm.assertEq(rewards.totalOf(running), 0.9e18);
        vm.assertFalse(rewards.lapses(running));
        nextEpoch();
        vm.assertFalse(rewards.lapses(running));
        rewards.finalize(running);
        vm.assertFalse(rewards.lapses(running));
        (, uint256[5] memory rates) = rewards.ratesOf(running);
        vm.assertEq(rates[0], 0.9e18);
        vm.assertEq(rates[1], 0);
    }

    function testFuzz_preparing_epochs_changes_no_amount(address anyone) public {
        work(0, 0, 20e18);
        vm.prank(anyone);
        payments.prepareEpochs();
        for (uint256 i; i < 5; ++i) {
            work(0, 0, 20e18);
            nextEpoch();
            payments.prepareEpochs();
        }
        vm.assertEq(payments.burnedIn(1)[0], 2e18);
        vm.assertEq(payments.burnedIn(5)[0], 1e18);
        vm.assertEq(rewardsOf(0), 6 * 0.9e18);
    }
}
