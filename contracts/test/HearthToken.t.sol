// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HearthToken} from "../src/HearthToken.sol";
import {IHearthToken} from "../src/interfaces/IHearthToken.sol";
import {Emission} from "../src/libraries/Emission.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture} from "./support/Fixture.sol";
import {Wallet} from "./support/Base.sol";

contract HearthTokenTest is Fixture {
    uint32 private deadline;

    function setUp() public override {
        super.setUp();
        token.transfer(operator.addr, 100e18);
        deadline = minutesAhead(24);
    }

    function signatureOf(
        Wallet memory owner,
        address to,
        uint64 micro,
        uint32 number
    ) private view returns (bytes memory) {
        return signed(owner, personalDigest(token.transferSentence(to, micro, number, deadline)));
    }

    function test_constructor_mints_the_genesis() public view {
        vm.assertEq(token.totalSupply(), SUPPLY);
        vm.assertEq(token.symbol(), "PLAY");
        vm.assertTrue(token.practice());
    }

    function testFuzz_sentence_moves_exactly_its_amount(uint64 micro, address submitter) public {
        micro = uint64(bound(micro, 0, 100e6));
        bytes memory signature = signatureOf(operator, node.addr, micro, 1);
        vm.prank(submitter);
        token.transferBySentence(operator.addr, node.addr, micro, 1, deadline, signature);
        vm.assertEq(token.balanceOf(node.addr), uint256(micro) * 1e12);
        vm.assertEq(token.balanceOf(operator.addr), 100e18 - uint256(micro) * 1e12);
    }

    function test_owner_may_send_it_himself_without_a_signature() public {
        vm.prank(operator.addr);
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, "");
        vm.assertEq(token.balanceOf(node.addr), 1e12);
    }

    function test_stranger_without_signature_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, address(this)));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, "");
    }

    function test_signature_of_another_is_refused() public {
        bytes memory signature = signatureOf(customer, node.addr, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, customer.addr));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signature);
    }

    function test_numbers_come_one_after_the_other() public {
        bytes memory second = signatureOf(operator, node.addr, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 2, 0));
        token.transferBySentence(operator.addr, node.addr, 1, 2, deadline, second);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 0, 0));
        token.transferBySentence(operator.addr, node.addr, 1, 0, deadline, second);
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signatureOf(operator, node.addr, 1, 1));
        token.transferBySentence(operator.addr, node.addr, 1, 2, deadline, second);
    }

    function test_expired_sentence_is_refused() public {
        bytes memory signature = signatureOf(operator, node.addr, 1, 1);
        vm.warp(uint256(deadline) * 60 + 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.SentenceExpired.selector, uint256(deadline) * 60));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signature);
    }

    function test_deadline_over_a_week_ahead_is_refused() public {
        deadline = minutesAhead(7 * 24) + 1;
        bytes memory signature = signatureOf(operator, node.addr, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(ISentences.DeadlineTooFar.selector, uint256(deadline) * 60));
        token.transferBySentence(operator.addr, node.addr, 1, 1, deadline, signature);
    }

    function test_amount_beyond_thirteen_digits_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        token.transferBySentence(operator.addr, node.addr, 1e13, 1, deadline, "");
    }

    function test_failed_transfer_consumes_no_number() public {
        bytes memory signature = signatureOf(operator, node.addr, 101e6, 1);
        vm.expectRevert();
        token.transferBySentence(operator.addr, node.addr, 101e6, 1, deadline, signature);
        vm.assertEq(token.lastNumber(operator.addr, ISentences.Kind.Transfer), 0);
    }

    function testFuzz_burning_lowers_the_supply(uint256 amount) public {
        amount = bound(amount, 0, 100e18);
        vm.prank(operator.addr);
        token.burn(amount);
        vm.assertEq(token.totalSupply(), SUPPLY - amount);
        vm.assertEq(token.balanceOf(operator.addr), 100e18 - amount);
    }

    function test_only_the_minter_mints() public {
        vm.warp(rewards.endOf(1));
        vm.expectRevert(abi.encodeWithSelector(IHearthToken.NotMinter.selector, address(this)));
        token.mint(address(this), 1);
        vm.assertEq(token.mintableBy(address(this)), 0);
    }

    function testFuzz_the_minter_mints_what_the_ended_epochs_allow(uint256 epochs, uint256 amount) public {
        vm.warp(block.timestamp + bound(epochs, 0, 40_000) * EPOCH);
        uint256 left = Emission.throughGwei(token.currentEpoch() - 1) * 1e9;
        vm.assertEq(token.mintableBy(address(rewards)), left);
        amount = bound(amount, 0, left);
        vm.startPrank(address(rewards));
        token.mint(operator.addr, amount);
        vm.assertEq(token.mintableBy(address(rewards)), left - amount);
        vm.expectRevert(abi.encodeWithSelector(IHearthToken.BeyondSchedule.selector, left - amount + 1, left - amount));
        token.mint(operator.addr, left - amount + 1);
        vm.stopPrank();
        vm.assertEq(token.mintedWei(), amount);
        vm.assertEq(token.totalSupply(), SUPPLY + amount);
        vm.assertLe(token.totalSupply(), token.cap(), "cap");
    }

    function test_nothing_is_minted_for_an_epoch_that_runs() public {
        vm.assertEq(token.mintableBy(address(rewards)), 0);
        vm.warp(rewards.endOf(1) - 1);
        vm.assertEq(token.mintableBy(address(rewards)), 0);
        vm.warp(rewards.endOf(1));
        vm.assertEq(token.mintableBy(address(rewards)), 68_000e18);
    }

    function test_ceilings_of_the_first_day_are_those_of_the_table() public view {
        uint256[6] memory table = [uint256(27_200), 20_400, 6_800, 6_800, 6_800, 0];
        for (uint256 role; role < 6; ++role) {
            vm.assertEq(token.ceilingWei(role, 1), table[role] * 1e18);
            vm.assertEq(token.ceilingWei(role, 730), table[role] * 1e18);
            vm.assertEq(token.ceilingWei(role, 731), table[role] * 0.5e18);
            vm.assertEq(token.ceilingWei(role, 1461), table[role] * 0.25e18);
        }
    }

    function testFuzz_the_schedule_is_the_sum_of_its_ceilings(uint256 epoch) public pure {
        epoch = bound(epoch, 1, 100_000);
        uint256 step;
        for (uint256 role; role < Emission.ROLES; ++role) step += Emission.ceilingGwei(role, epoch);
        uint256 grown = Emission.throughGwei(epoch) - Emission.throughGwei(epoch - 1);
        vm.assertLe(step, grown, "a ceiling is never above the growth of the sum");
        if (epoch <= 14 * Emission.EPOCHS_PER_HALVING) vm.assertEq(step, grown);
        vm.assertLe(Emission.throughGwei(epoch), Emission.ALL_GWEI, "all there will ever be");
    }

    function test_genesis_and_schedule_fit_under_the_cap() public {
        uint256 largest = token.cap() - Emission.ALL_GWEI * 1e9;
        vm.assertEq(token.cap(), 200_000_000e18);
        vm.assertEq(Emission.ALL_GWEI * 1e9, 99_280_000e18);
        ISentences.Branding memory branding = ISentences.Branding(true, "Hearth", "PLAY");
        new HearthToken(branding, stewardship, address(this), largest, clock());
        vm.expectRevert(abi.encodeWithSelector(IHearthToken.GenesisTooLarge.selector, largest + 1, largest));
        new HearthToken(branding, stewardship, address(this), largest + 1, clock());
    }
}
