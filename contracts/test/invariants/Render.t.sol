// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "../support/Base.sol";
import {RenderHandler} from "./RenderHandler.sol";

/// @dev What customers, homes and panels may do in any order never makes, loses or doubles a token, and never lets stake go early.
contract RenderInvariants is Base {
    RenderHandler private handler;

    function setUp() public {
        handler = new RenderHandler();
        target(address(handler));
    }

    function invariant_render_work_is_covered_counted_and_paid_once() public view {
        (uint256 escrow, uint256 owed) = handler.solvency();
        vm.assertTrue(escrow >= owed, "the escrow covers every open and undrawn task");
        (uint256 money, uint256 accounted) = handler.books();
        vm.assertEq(accounted, money, "every token is with the customer, held, earned or burned");
        (uint256 byJob, uint256 byPool, bool agrees) = handler.openWork();
        vm.assertEq(byJob, byPool, "job and pool count the same open tasks");
        vm.assertTrue(agrees, "who has open work cannot take stake out, and nobody else is held");
        vm.assertLe(handler.mostPaid(), 1, "no task is paid twice");
        vm.assertLe(handler.paidSoFar(), handler.paidIn(), "no more is paid than was put in");
    }
}
