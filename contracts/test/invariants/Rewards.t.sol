// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base} from "../support/Base.sol";
import {RewardsHandler} from "./RewardsHandler.sol";

/// @dev After every call of every history the rewards are what the handler's plain books say, and under every limit.
contract RewardsInvariants is Base {
    RewardsHandler private handler;

    function setUp() public {
        handler = new RewardsHandler();
        target(address(handler));
    }

    function invariant_rewards_follow_the_plain_books_to_the_wei() public view {
        handler.check();
    }
}
