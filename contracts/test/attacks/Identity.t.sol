// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../../src/interfaces/IPayments.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {ISentences} from "../../src/interfaces/ISentences.sol";
import {Fixture} from "../support/Fixture.sol";
import {Wallet} from "../support/Base.sol";

/// @dev A contract that answers "yes" to every ERC-1271 question.
contract YesWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }
}

/// @notice One test per attack of PROTOCOL 1.
contract IdentityAttacks is Fixture {
    Wallet private thief;

    function setUp() public override {
        super.setUp();
        thief = walletOf(666);
    }

    function sentenceBy(
        Wallet memory signer,
        IRegistry.Authorization memory authorization
    ) private view returns (bytes memory) {
        return signed(signer, personalDigest(registry.authorizeSentence(authorization)));
    }

    function test_1_1_thief_binds_anothers_public_key_to_his_own_payout() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        // The node accepted the operator; the thief shows the same acceptance under his own name.
        authorization.operator = thief.addr;
        bytes memory signature = sentenceBy(thief, authorization);
        vm.expectRevert();
        registry.authorize(authorization, signature);
        vm.assertEq(registry.operatorOf(node.addr), address(0));
    }

    function test_1_1_operator_binds_a_key_that_never_accepted() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        Wallet memory forger = Wallet(node.addr, node.publicKeyX, node.publicKeyY, thief.privateKey);
        authorization.nodes[0] = bindingOf(operator, forger, 0, authorization.deadlineMinutes);
        bytes memory signature = sentenceBy(operator, authorization);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AcceptanceInvalid.selector, node.addr, thief.addr));
        registry.authorize(authorization, signature);
    }

    function test_1_1_the_submitter_counts_for_nothing() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes memory signature = sentenceBy(operator, authorization);
        vm.prank(thief.addr);
        registry.authorize(authorization, signature);
        vm.assertEq(registry.operatorOf(node.addr), operator.addr);
    }

    function test_1_2_stolen_role_key_cannot_lose_more_than_the_sentence_risked() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        authorization.riskMicro = 5e6;
        registry.authorize(authorization, sentenceBy(operator, authorization));
        stake(operator.addr, 10_000e18);
        vm.startPrank(address(market));
        for (uint256 i; i < 10; ++i) registry.slash(node.addr);
        vm.stopPrank();
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 9_995e18);
    }

    function test_1_2_stolen_role_key_cannot_move_earned_balance() public {
        uint256 period = startSet();
        prove(period);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(node, personalDigest(payments.claimSentence(operator.addr, 1, 1, deadline)));
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, node.addr));
        payments.claim(operator.addr, 1, 1, deadline, signature);
        vm.prank(node.addr);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, node.addr));
        payments.claim(operator.addr, 1, 1, deadline, "");
    }

    function test_1_3_malleable_signature_with_high_s_is_refused() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes32 digest = personalDigest(registry.authorizeSentence(authorization));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(operator.privateKey, digest);
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes memory twin = abi.encodePacked(r, order - uint256(s), v == 27 ? 28 : 27);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, address(0)));
        registry.authorize(authorization, twin);
    }

    function test_1_3_compact_and_odd_signatures_are_refused() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes memory whole = sentenceBy(operator, authorization);
        for (uint256 length = 1; length < 70; length += 21) {
            bytes memory other = new bytes(length);
            for (uint256 i; i < length && i < 65; ++i) other[i] = whole[i];
            vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, address(0)));
            registry.authorize(authorization, other);
        }
        whole[64] = bytes1(uint8(whole[64]) - 27);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, address(0)));
        registry.authorize(authorization, whole);
    }

    function test_1_3_code_of_an_account_never_answers_for_its_owner() public {
        YesWallet wallet = new YesWallet();
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, address(wallet), address(0)));
        token.transferBySentence(address(wallet), thief.addr, 0, 1, minutesAhead(1), new bytes(65));
    }

    function test_1_3_sentence_for_another_chain_is_worthless() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes memory signature = sentenceBy(operator, authorization);
        vm.chainId(block.chainid + 1);
        vm.expectRevert();
        registry.authorize(authorization, signature);
    }

    function test_1_3_sentence_for_another_deployment_is_worthless() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes memory signature = sentenceBy(operator, authorization);
        deploy(ISentences.Branding(true, "Hearth", "PLAY"));
        vm.expectRevert();
        registry.authorize(authorization, signature);
    }

    function test_1_3_claim_cannot_be_turned_into_a_transfer() public {
        uint32 deadline = minutesAhead(24);
        token.transfer(operator.addr, 1e18);
        bytes memory signature = signed(
            operator,
            personalDigest(payments.claimSentence(operator.addr, 1, 1, deadline))
        );
        vm.expectRevert();
        token.transferBySentence(operator.addr, thief.addr, 1, 1, deadline, signature);
    }

    function testFuzz_1_3_every_argument_with_an_effect_is_in_the_text(uint256 which) public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes memory signature = sentenceBy(operator, authorization);
        which = bound(which, 0, 4);
        if (which == 0) authorization.riskMicro += 1;
        if (which == 1) authorization.spendPerDayMicro += 1;
        if (which == 2) authorization.deadlineMinutes -= 1;
        if (which == 3) authorization.nodes[0] = bindingOf(operator, walletOf(7), 0, authorization.deadlineMinutes);
        if (which == 4) authorization.nodes[0] = bindingOf(operator, node, 1, authorization.deadlineMinutes);
        vm.expectRevert();
        registry.authorize(authorization, signature);
    }

    function test_1_4_of_two_sentences_with_one_number_exactly_one_lands() public {
        IRegistry.Authorization memory first = authorizationOf(operator, node, 0);
        IRegistry.Authorization memory second = authorizationOf(operator, walletOf(5), 0);
        bytes memory signature = sentenceBy(operator, second);
        registry.authorize(first, sentenceBy(operator, first));
        vm.expectRevert(abi.encodeWithSelector(ISentences.NumberNotNext.selector, 1, 1));
        registry.authorize(second, signature);
    }

    function test_1_4_revoked_key_is_never_authorized_again() public {
        authorize(operator, node, 0);
        revoke(operator, node.addr);
        IRegistry.Authorization memory again = authorizationOf(operator, node, 0);
        bytes memory signature = sentenceBy(operator, again);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeAlreadyBound.selector, node.addr, operator.addr));
        registry.authorize(again, signature);
    }

    function test_1_4_all_or_nothing_one_bad_key_binds_none() public {
        uint32 deadline = minutesAhead(24);
        IRegistry.NodeBinding[] memory nodes = new IRegistry.NodeBinding[](2);
        nodes[0] = bindingOf(operator, node, 0, deadline);
        nodes[1] = bindingOf(operator, walletOf(5), 1, deadline);
        nodes[1].acceptance = nodes[0].acceptance;
        IRegistry.Authorization memory authorization = IRegistry.Authorization(operator.addr, nodes, 1, 1, 1, deadline);
        bytes memory signature = sentenceBy(operator, authorization);
        vm.expectRevert();
        registry.authorize(authorization, signature);
        vm.assertEq(registry.operatorOf(node.addr), address(0));
        vm.assertEq(registry.lastNumber(operator.addr, ISentences.Kind.Authorize), 0);
    }

    function test_1_5_claim_front_run_by_more_earnings_still_pays_the_signed_amount() public {
        uint256 period = startSet();
        prove(period);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(
            operator,
            personalDigest(payments.claimSentence(operator.addr, 1e6, 1, deadline))
        );
        prove(nextPeriod());
        payments.claim(operator.addr, 1e6, 1, deadline, signature);
        vm.assertEq(token.balanceOf(operator.addr), 1e18);
    }

    function test_1_6_sentence_for_a_far_day_is_refused() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        authorization.deadlineMinutes = minutesAhead(8 * 24);
        vm.expectRevert(
            abi.encodeWithSelector(ISentences.DeadlineTooFar.selector, uint256(authorization.deadlineMinutes) * 60)
        );
        registry.authorize(authorization, "");
    }

    function test_1_8_claim_pays_nobody_but_the_operator() public {
        uint256 period = startSet();
        prove(period);
        uint32 deadline = minutesAhead(24);
        bytes memory signature = signed(
            operator,
            personalDigest(payments.claimSentence(operator.addr, 1e6, 1, deadline))
        );
        vm.prank(thief.addr);
        payments.claim(operator.addr, 1e6, 1, deadline, signature);
        vm.assertEq(token.balanceOf(thief.addr), 0);
        vm.assertEq(token.balanceOf(operator.addr), 1e18);
        vm.expectRevert();
        payments.claim(thief.addr, 1e6, 1, deadline, signature);
    }

    function test_1_10_proofs_redemptions_and_sentences_are_permissionless() public {
        uint256 period = startSet();
        bytes memory proof = proofOf(0, 8, period);
        vm.prank(thief.addr);
        market.provePossession(customer.addr, node.addr, period, proof);
        lock(customer.addr, node.addr, 1e18);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(customer, node.addr, 0, 1e18);
        vm.prank(thief.addr);
        payments.redeem(voucher, signature);
        vm.assertEq(payments.earningsOf(thief.addr).earnedWei, 0);
        vm.assertTrue(payments.earningsOf(operator.addr).earnedWei > 0.95e18);
    }
}
