// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HearthToken} from "../../src/HearthToken.sol";
import {Payments} from "../../src/Payments.sol";
import {Registry} from "../../src/Registry.sol";
import {StorageMarket} from "../../src/StorageMarket.sol";
import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {DataSets} from "../../src/libraries/DataSets.sol";
import {Base} from "../support/Base.sol";
import {Handler} from "./Handler.sol";

/// @dev All predicates in one campaign: each holds after every call of every sequence.
contract MoneyInvariants is Base {
    Handler private handler;
    HearthToken private token;
    Registry private registry;
    Payments private payments;
    StorageMarket private market;
    address private operator;
    address private node;
    address private customer;

    function setUp() public {
        handler = new Handler();
        address[4] memory at;
        (at[0], at[1], at[2], at[3], operator, node, customer) = handler.books();
        (token, registry, payments, market) = (
            HearthToken(at[0]),
            Registry(at[1]),
            Payments(at[2]),
            StorageMarket(at[3])
        );
        target(address(handler));
    }

    function invariant_the_books_hold() public view {
        IPayments.Earnings memory earnings = payments.earningsOf(operator);
        IPayments.Lock memory held = payments.lockOf(customer, node);
        IStorageMarket.SetView memory set = market.dataSet(customer, node);
        uint256 unminted = earnings.rewardsWei - token.mintedWei();
        uint256 owed = set.escrowWei + held.lockedWei + earnings.claimableWei - unminted;
        uint256 kept = token.balanceOf(address(payments));
        vm.assertTrue(kept >= owed, "payments can pay all it owes");
        vm.assertEq(kept - owed, earnings.feeBurnedWei - destroyed(), "and holds beyond it what waits for its burning");
        vm.assertTrue(
            token.balanceOf(address(registry)) == registry.provisionOf(operator, address(market)),
            "the registry holds exactly the stake"
        );
        uint256 paid = earnings.earnedWei - earnings.rewardsWei + earnings.feeBurnedWei;
        uint256 paidIn = handler.escrowed() + handler.lockedIn();
        vm.assertEq(
            paid + set.escrowWei + held.lockedWei + handler.refunded() + handler.withdrawn(),
            paidIn,
            "what went in is paid, held or returned"
        );
        vm.assertLe(paid, paidIn, "no more is paid than was put in");
        vm.assertEq(earnings.claimedWei, handler.claimed(), "claims are exactly the signed amounts");
        vm.assertEq(earnings.movedToStakeWei, handler.movedToStake(), "stakes too");
        IRegistry.Provision memory provision = registry.stakeOf(operator, address(market));
        bool open = set.state == DataSets.State.Active || set.state == DataSets.State.Dropping;
        vm.assertEq(provision.openWork, open ? 1 : 0, "open work is counted exactly");
        vm.assertFalse(open && provision.unbondingWei != 0);
        vm.assertTrue(
            payments.payoutOf(operator) == handler.payout(),
            "a payout changes only when its wait is finished"
        );
        uint256 own = token.balanceOf(operator) - handler.unstaked();
        vm.assertEq(own, handler.claimedTo(operator), "claims reach the payout of their time");
        vm.assertEq(token.balanceOf(handler.safe()), handler.claimedTo(handler.safe()), "and it alone");
        vm.assertEq(own + token.balanceOf(handler.safe()), handler.claimed(), "all of them");
        vm.assertEq(token.balanceOf(node), 0, "a role key never gets tokens");
        vm.assertFalse(handler.wentBack());
        vm.assertLe(token.totalSupply(), 1e26, "less is minted than was burned");
        vm.assertLe(earnings.rewardsWei * 10, earnings.feeBurnedWei * 9, "rewards stay under what was burned");
        vm.assertTrue(earnings.feeBurnedWei * 20 >= paid, "at least a twentieth is burned");
        vm.assertLe(
            registry.allowanceOf(operator, 1).slashedWei,
            registry.allowanceOf(operator, 1).riskWei,
            "risk is the limit"
        );
    }

    /// @dev Fees that closed epochs destroyed: what left the supply otherwise than by slashes.
    function destroyed() private view returns (uint256) {
        uint256 put = handler.staked() + handler.movedToStake() - handler.unstaked();
        uint256 slashed = put - token.balanceOf(address(registry));
        return 1e26 + token.mintedWei() - token.totalSupply() - slashed;
    }
}
