// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {Wallet} from "./Base.sol";
import {Fixture} from "./Fixture.sol";
import {Trees} from "./Trees.sol";

/// @dev A set of ten pieces of 8 leaves on `node`, and an heir of another operator who holds nothing yet.
abstract contract DepartureFixture is Fixture {
    Wallet internal heir;
    Wallet internal heirOperator;

    function setUp() public virtual override {
        super.setUp();
        (heir, heirOperator) = (walletOf(21), walletOf(22));
        authorize(heirOperator, heir, 0);
    }

    function departureOf(Wallet memory leaver, address to) internal view returns (IStorageMarket.Departure memory) {
        return departureWith(leaver, leaver.addr, to, uint64(block.timestamp + 600));
    }

    function departureWith(
        Wallet memory signer,
        address leaver,
        address to,
        uint64 expiry
    ) internal view returns (IStorageMarket.Departure memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Departure(address customer,address node,address heir,uint32 sequence,uint64 expiry)"),
                customer.addr,
                leaver,
                to,
                sequenceOf(customer.addr, leaver),
                expiry
            )
        );
        bytes memory signature = signed(signer, typedDigest("Hearth StorageMarket", address(market), structHash));
        return IStorageMarket.Departure(customer.addr, leaver, to, expiry, signature);
    }

    function handoverAt(
        uint256 first,
        uint256 count,
        uint96 price
    ) internal view returns (IStorageMarket.Handover memory) {
        IStorageMarket.Piece[] memory pieces = piecesOf(first, count, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(sequenceOf(customer.addr, heir.addr));
        acceptance.pricePerGiBPeriodWei = price;
        bytes memory signature = signAcceptance(heir, customer.addr, pieces, acceptance);
        return IStorageMarket.Handover(departureOf(node, heir.addr), first, pieces, acceptance, signature);
    }

    function handOver(uint256 first, uint256 count) internal {
        market.handOver(handoverAt(first, count, PRICE));
    }

    function heirProof(uint256 period) internal view returns (bytes memory proof) {
        uint256[] memory leaves = market.challengesOf(customer.addr, heir.addr, period);
        for (uint256 i; i < leaves.length; ++i) {
            proof = abi.encodePacked(proof, Trees.proofOf(leaves[i] / 8, 8, leaves[i] % 8));
        }
    }

    function escrowOf(address key) internal view returns (uint256) {
        return payments.escrowOf(address(market), market.setIdOf(customer.addr, key));
    }
}
