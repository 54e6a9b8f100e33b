// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "../support/Base.sol";
import {RepairHandler} from "./RepairHandler.sol";

/// @dev What a repairer may do in any order never makes, loses or multiplies a token or a piece.
contract RepairInvariants is Base {
    RepairHandler private handler;

    function setUp() public {
        handler = new RepairHandler();
        target(address(handler));
    }

    function invariant_repairs_keep_the_books_and_the_pieces() public view {
        vm.assertEq(handler.held() + handler.paidBack(), handler.paidIn(), "what went in is held or returned");
        vm.assertEq(handler.tokensInPayments(), handler.held(), "payments holds exactly that");
        vm.assertEq(handler.leavesStored(), 80, "as many leaves are stored as at first");
        vm.assertLe(handler.moves(), handler.losses(), "no more pieces moved than were lost");
    }
}
