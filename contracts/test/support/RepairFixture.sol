// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRepairFund} from "../../src/interfaces/IRepairFund.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {Wallet} from "./Base.sol";
import {Fixture} from "./Fixture.sol";
import {Trees} from "./Trees.sol";

/// @dev A customer whose ten pieces of 8 leaves lie on `node`, a repairer and another node, each under its own operator.
abstract contract RepairFixture is Fixture {
    uint96 internal constant FEE_PER_PIECE = 1e15;
    uint96 internal constant FEE_PER_GIB = 1e22;
    uint256 internal constant BUDGET = 1e22;
    uint256 internal constant LEAVES = 8;

    Wallet internal repairer;
    Wallet internal repairOperator;
    Wallet internal other;
    Wallet internal otherOperator;

    function setUp() public virtual override {
        super.setUp();
        (repairer, repairOperator) = (walletOf(10), walletOf(11));
        (other, otherOperator) = (walletOf(12), walletOf(13));
        authorize(repairOperator, repairer, 0);
        authorize(otherOperator, other, 0);
        startSet();
    }

    function termsOf() internal view returns (IRepairFund.Terms memory) {
        return IRepairFund.Terms(PRICE, 1000, FEE_PER_PIECE, FEE_PER_GIB, 5e21, uint40(block.timestamp + 30 days));
    }

    function nameRepairer() internal {
        vm.prank(customer.addr);
        repairFund.name(repairer.addr, termsOf(), BUDGET);
    }

    /// @dev Two periods pass without a proof.
    function loseSet() internal {
        nextPeriod();
        nextPeriod();
    }

    function lostOf(address from, uint256 first, uint256 count) internal pure returns (IRepairFund.Lost[] memory lost) {
        lost = new IRepairFund.Lost[](1);
        lost[0] = IRepairFund.Lost(from, new uint256[](count));
        for (uint256 i; i < count; ++i) lost[0].indices[i] = first + i;
    }

    /// @dev Moves pieces whose leaves begin at `leaf` in `Trees`, with the signature of the node that gets them.
    function repairOnto(Wallet memory to, IRepairFund.Lost[] memory lost, uint256 leaf) internal {
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(sequenceOf(customer.addr, to.addr));
        IStorageMarket.Piece[] memory pieces = piecesOf(leaf, lost[0].indices.length, LEAVES);
        bytes memory signature = signAcceptance(to, customer.addr, pieces, acceptance);
        vm.prank(repairer.addr);
        repairFund.repair(customer.addr, to.addr, lost, acceptance, signature);
    }

    function repairTen() internal {
        nameRepairer();
        loseSet();
        repairOnto(other, lostOf(node.addr, 0, 10), 0);
    }

    function proveOn(Wallet memory key, uint256 first, uint256 period) internal {
        uint256[] memory leaves = market.challengesOf(customer.addr, key.addr, period);
        bytes memory proof;
        for (uint256 i; i < leaves.length; ++i) {
            proof = abi.encodePacked(proof, Trees.proofOf(first + leaves[i] / LEAVES, LEAVES, leaves[i] % LEAVES));
        }
        market.provePossession(customer.addr, key.addr, period, proof);
    }

    function feeOf(uint256 pieces) internal pure returns (uint256) {
        return pieces * FEE_PER_PIECE + ((pieces * LEAVES * FEE_PER_GIB) >> 25);
    }

    function budgetLeft() internal view returns (uint256) {
        return repairFund.namingOf(customer.addr, repairer.addr).budgetWei;
    }

    function escrowOn(address key) internal view returns (uint256) {
        return payments.escrowOf(address(market), market.setIdOf(customer.addr, key));
    }
}
