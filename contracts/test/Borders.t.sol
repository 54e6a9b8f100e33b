// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../src/interfaces/IPayments.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {IStorageMarket} from "../src/interfaces/IStorageMarket.sol";
import {Fixture} from "./support/Fixture.sol";

/// @dev The last moment and the first one after it, wherever a rule names a moment: a careless change moves these first.
contract BordersTest is Fixture {
    function test_voucher_counts_in_its_last_second_and_not_after() public {
        authorize(operator, node, 0);
        fund(customer.addr, 10e18);
        lock(customer.addr, node.addr, 10e18);
        (IPayments.Voucher memory voucher, ) = voucherOf(customer, node.addr, keccak256("lane"), 1e18);
        voucher.expiry = uint64(block.timestamp);
        bytes memory signature = signVoucher(customer, voucher);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IPayments.VoucherExpired.selector, voucher.expiry));
        payments.redeem(voucher, signature);
        vm.warp(block.timestamp - 1);
        payments.redeem(voucher, signature);
        vm.assertEq(payments.redeemedOf(customer.addr, node.addr, keccak256("lane")), 1e18);
    }

    function test_acceptance_counts_in_its_last_second_and_not_after() public {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        IStorageMarket.Piece[] memory pieces = piecesOf(0, 1, 8);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(0);
        acceptance.expiry = uint64(block.timestamp);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.warp(block.timestamp + 1);
        vm.prank(customer.addr);
        vm.expectRevert(abi.encodeWithSelector(IStorageMarket.AcceptanceExpired.selector, acceptance.expiry));
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        vm.warp(block.timestamp - 1);
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, 1e20);
        vm.assertEq(market.dataSet(customer.addr, node.addr).pieceCount, 1);
    }

    /// @dev Faults in the first two periods, then one `distance` periods after the first.
    function thirdFaultAfter(uint256 distance) private returns (uint256 lost) {
        stake(operator.addr, 100e18);
        uint256 first = startSet();
        nextPeriod();
        while (nextPeriod() < first + distance) prove(currentPeriod());
        nextPeriod();
        market.settle(customer.addr, node.addr);
        vm.assertEq(market.dataSet(customer.addr, node.addr).faults, 3);
        return 100e18 - registry.provisionOf(operator.addr, address(market));
    }

    function test_third_fault_in_the_last_period_of_the_window_costs_stake() public {
        vm.assertEq(thirdFaultAfter(29), 1e18);
    }

    function test_third_fault_in_the_first_period_after_the_window_costs_none() public {
        vm.assertEq(thirdFaultAfter(30), 0);
    }

    function test_set_that_starts_anew_remembers_no_length_of_the_pieces_before() public {
        startSet();
        addPieces(piecesOf(10, 7, 8), 1e20);
        vm.prank(customer.addr);
        market.drop(node.addr);
        nextPeriod();
        market.finish(customer.addr, node.addr);
        vm.warp(block.timestamp + CLEAR_DELAY);
        market.clear(customer.addr, node.addr, 100);
        addPieces(piecesOf(100, 17, 2), 1e20);
        IStorageMarket.PieceView[] memory pieces = market.piecesOf(customer.addr, node.addr, 0, 17);
        for (uint256 i; i < pieces.length; ++i) vm.assertEq(pieces[i].lengthBytes, 64);
    }

    function test_labels_may_use_the_first_and_the_last_of_each_kind_of_character() public {
        deploy(ISentences.Branding(false, "AZaz09", " .-Z"));
        vm.assertEq(token.symbol(), " .-Z");
        string[6] memory refused = ["@", "[", "`", "{", "/", ":"];
        for (uint256 i; i < refused.length; ++i) {
            (bool deployed, ) = address(this).call(abi.encodeCall(this.deployWith, (refused[i])));
            vm.assertFalse(deployed);
        }
    }

    function deployWith(string calldata label) external {
        deploy(ISentences.Branding(false, label, "HRTH"));
    }
}
