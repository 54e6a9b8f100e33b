// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./Base.sol";

/// @dev Three operators with a node each in storage, render and relay, a rich customer, and time in epochs.
abstract contract RewardsFixture is Fixture {
    uint256 internal constant PEOPLE = 3;
    /// @dev Storage's ceiling in the first epochs: the dearest to reach.
    uint256 internal constant STORAGE_CEILING = 27_200e18;

    Wallet[PEOPLE] internal owners;
    Wallet[PEOPLE][3] internal keys;
    uint8[3] internal roles = [uint8(0), 1, 4];
    uint256 private lanes;

    function setUp() public virtual override {
        super.setUp();
        fund(customer.addr, SUPPLY / 2);
        for (uint256 i; i < PEOPLE; ++i) {
            owners[i] = walletOf(100 + i);
            for (uint256 j; j < 3; ++j) {
                keys[j][i] = walletOf(200 + 10 * j + i);
                authorize(owners[i], keys[j][i], roles[j]);
            }
        }
    }

    /// @dev The customer pays `amount` for an owner's work in the role `roles[which]`.
    function work(uint256 owner, uint256 which, uint256 amount) internal {
        Wallet memory key = keys[which][owner];
        lock(customer.addr, key.addr, amount);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(
            customer,
            key.addr,
            bytes32(++lanes),
            amount
        );
        payments.redeem(voucher, signature);
    }

    /// @dev Goes to the first second of the next epoch.
    function nextEpoch() internal returns (uint256 ended) {
        ended = token.currentEpoch();
        vm.warp(rewards.endOf(ended));
    }

    function rewardsOf(uint256 owner) internal view returns (uint256) {
        return payments.earningsOf(owners[owner].addr).rewardsWei;
    }

    function claimAll(uint256 owner) internal returns (uint64 micro) {
        micro = uint64(payments.earningsOf(owners[owner].addr).claimableWei / 1e12);
        if (micro != 0) claim(owners[owner], micro);
    }
}
