// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {ISentences} from "../src/interfaces/ISentences.sol";
import {Fixture} from "./support/Fixture.sol";
import {Wallet} from "./support/Base.sol";

contract RegistryTest is Fixture {
    function sentenceSignature(IRegistry.Authorization memory authorization) private view returns (bytes memory) {
        return signed(operator, personalDigest(registry.authorizeSentence(authorization)));
    }

    function test_one_sentence_binds_all_five_keys() public {
        uint32 deadline = minutesAhead(24);
        IRegistry.NodeBinding[] memory nodes = new IRegistry.NodeBinding[](5);
        for (uint8 role; role < 5; ++role) nodes[role] = bindingOf(operator, walletOf(10 + role), role, deadline);
        IRegistry.Authorization memory authorization = IRegistry.Authorization(
            operator.addr,
            nodes,
            100e6,
            1e6,
            1,
            deadline
        );
        registry.authorize(authorization, sentenceSignature(authorization));
        for (uint8 role; role < 5; ++role) {
            IRegistry.NodeView memory bound = registry.nodeOf(nodes[role].node);
            vm.assertEq(bound.operator, operator.addr);
            vm.assertEq(bound.role, role);
            vm.assertEq(bound.boundAt, block.timestamp);
            vm.assertEq(keccak256(abi.encode(bound.publicKeyX, bound.publicKeyY)), keccak256(nodes[role].publicKey));
            vm.assertEq(registry.nodeCount(role), 1);
            vm.assertEq(registry.activeOperator(nodes[role].node, role), operator.addr);
        }
        IRegistry.Allowance memory allowance = registry.allowanceOf(operator.addr, 1);
        vm.assertEq(allowance.riskWei, 100e18);
        vm.assertEq(allowance.spendPerDayMicro, 1e6);
    }

    function test_operator_may_authorize_by_his_own_call() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        vm.prank(operator.addr);
        registry.authorize(authorization, "");
        vm.assertEq(registry.operatorOf(node.addr), operator.addr);
    }

    function test_empty_or_overlong_lists_are_refused() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        authorization.nodes = new IRegistry.NodeBinding[](0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeCountInvalid.selector, 0));
        registry.authorize(authorization, "");
        authorization.nodes = new IRegistry.NodeBinding[](6);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeCountInvalid.selector, 6));
        registry.authorize(authorization, "");
    }

    function test_roles_must_exist_and_rise() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 5);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.RoleInvalid.selector, 5));
        registry.authorize(authorization, "");
        IRegistry.NodeBinding[] memory nodes = new IRegistry.NodeBinding[](2);
        nodes[0] = bindingOf(operator, walletOf(10), 1, authorization.deadlineMinutes);
        nodes[1] = bindingOf(operator, walletOf(11), 1, authorization.deadlineMinutes);
        authorization.nodes = nodes;
        vm.expectRevert(abi.encodeWithSelector(IRegistry.RolesNotRising.selector, 1, 1));
        registry.authorize(authorization, "");
    }

    function test_risk_and_spend_beyond_thirteen_digits_are_refused() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        authorization.riskMicro = 1e13;
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        registry.authorize(authorization, "");
        (authorization.riskMicro, authorization.spendPerDayMicro) = (0, 1e13);
        vm.expectRevert(abi.encodeWithSelector(ISentences.AmountTooLarge.selector, 1e13));
        registry.authorize(authorization, "");
    }

    function test_wrong_public_key_is_refused() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        Wallet memory other = walletOf(9);
        authorization.nodes[0].publicKey = abi.encodePacked(other.publicKeyX, other.publicKeyY);
        bytes memory signature = sentenceSignature(authorization);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PublicKeyInvalid.selector, node.addr));
        registry.authorize(authorization, signature);
        authorization.nodes[0].publicKey = abi.encodePacked(node.publicKeyX);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.PublicKeyInvalid.selector, node.addr));
        registry.authorize(authorization, signature);
    }

    function test_node_is_bound_once_in_its_life() public {
        authorize(operator, node, 0);
        IRegistry.Authorization memory again = authorizationOf(customer, node, 0);
        bytes memory signature = signed(customer, personalDigest(registry.authorizeSentence(again)));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeAlreadyBound.selector, node.addr, operator.addr));
        registry.authorize(again, signature);
    }

    function test_revoking_is_immediate_idempotent_and_needs_no_number() public {
        authorize(operator, node, 0);
        revoke(operator, node.addr);
        revoke(operator, node.addr);
        vm.assertTrue(registry.nodeOf(node.addr).revoked);
        vm.assertEq(registry.operatorOf(node.addr), operator.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, node.addr));
        registry.activeOperator(node.addr, 0);
    }

    function test_revoking_before_binding_keeps_the_key_out() public {
        IRegistry.Authorization memory authorization = authorizationOf(operator, node, 0);
        bytes memory signature = sentenceSignature(authorization);
        revoke(operator, node.addr);
        revoke(operator, node.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, node.addr));
        registry.authorize(authorization, signature);
    }

    function test_only_its_operator_revokes_a_bound_node() public {
        authorize(operator, node, 0);
        bytes memory signature = signed(customer, personalDigest(registry.revokeSentence(node.addr)));
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotOperatorOf.selector, node.addr, customer.addr));
        registry.revoke(customer.addr, node.addr, signature);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotSigned.selector, operator.addr, customer.addr));
        registry.revoke(operator.addr, node.addr, signature);
    }

    function termsSignature(
        Wallet memory key,
        address subject,
        IRegistry.Terms memory terms
    ) private view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "PriceTerms(address node,uint96 pricePerGiBPeriodWei,uint64 retrievalPricePerMiBWei,uint40 minimumBytesPerSecond,uint32 sequence)"
                ),
                subject,
                terms.pricePerGiBPeriodWei,
                terms.retrievalPricePerMiBWei,
                terms.minimumBytesPerSecond,
                terms.sequence
            )
        );
        return signed(key, typedDigest("Hearth Registry", address(registry), structHash));
    }

    function testFuzz_terms_are_set_by_the_nodes_signature(uint96 price, uint64 retrieval, uint40 rate) public {
        authorize(operator, node, 0);
        IRegistry.Terms memory terms = IRegistry.Terms(price, retrieval, rate, 1);
        registry.setTerms(node.addr, terms, termsSignature(node, node.addr, terms));
        IRegistry.Terms memory found = registry.nodeOf(node.addr).terms;
        vm.assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(terms)));
    }

    function test_terms_refuse_strangers_replays_unknown_and_revoked_nodes() public {
        IRegistry.Terms memory terms = IRegistry.Terms(1, 2, 3, 1);
        bytes memory signature = termsSignature(node, node.addr, terms);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeUnknown.selector, node.addr));
        registry.setTerms(node.addr, terms, signature);
        authorize(operator, node, 0);
        bytes memory foreign = termsSignature(operator, node.addr, terms);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.TermsSignatureInvalid.selector, node.addr, operator.addr));
        registry.setTerms(node.addr, terms, foreign);
        registry.setTerms(node.addr, terms, signature);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.TermsNotNewer.selector, 1, 1));
        registry.setTerms(node.addr, terms, signature);
        revoke(operator, node.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, node.addr));
        registry.setTerms(node.addr, terms, signature);
    }

    function testFuzz_anyone_stakes_for_an_operator(uint256 amount) public {
        amount = bound(amount, 1, SUPPLY);
        stake(operator.addr, amount);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), amount);
        vm.assertEq(token.balanceOf(address(registry)), amount);
    }

    function test_stake_refuses_zero_and_unknown_markets() public {
        vm.expectRevert(IRegistry.AmountZero.selector);
        registry.stakeFor(operator.addr, address(market), 0);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, address(this)));
        registry.stakeFor(operator.addr, address(this), 1);
    }

    function test_only_markets_slash() public {
        authorize(operator, node, 0);
        stake(operator.addr, 100e18);
        vm.expectRevert(abi.encodeWithSelector(ISentences.NotAMarket.selector, address(this)));
        registry.slash(node.addr);
    }

    function slashAsMarket() private returns (uint256) {
        vm.prank(address(market));
        return registry.slash(node.addr);
    }

    function test_slash_burns_one_percent_and_keeps_the_books() public {
        authorize(operator, node, 0);
        stake(operator.addr, 1000e18);
        uint256 supply = token.totalSupply();
        vm.assertEq(slashAsMarket(), 10e18);
        vm.assertEq(registry.provisionOf(operator.addr, address(market)), 990e18);
        vm.assertEq(token.totalSupply(), supply - 10e18);
        vm.assertEq(registry.allowanceOf(operator.addr, 1).slashedWei, 10e18);
    }

    function test_slash_takes_nothing_without_stake_and_never_reverts() public {
        authorize(operator, node, 0);
        vm.assertEq(slashAsMarket(), 0);
        node = walletOf(99);
        vm.assertEq(slashAsMarket(), 0);
    }

    function testFuzz_slashes_stay_under_a_tenth_in_any_window(uint256 seed, uint256 provision) public {
        authorize(operator, node, 0);
        provision = bound(provision, 1e18, 900e18);
        stake(operator.addr, provision);
        uint256[30] memory times;
        uint256[30] memory amounts;
        for (uint256 i; i < 30; ++i) {
            vm.warp(block.timestamp + (uint256(keccak256(abi.encode(seed, i))) % 240));
            (times[i], amounts[i]) = (block.timestamp, slashAsMarket());
            uint256 sum;
            for (uint256 j; j <= i; ++j) if (times[j] + WINDOW > block.timestamp) sum += amounts[j];
            vm.assertLe(sum, provision / 10, "slashed in a window");
        }
    }

    function test_bindings_of_unknown_nodes_and_wrong_roles_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeUnknown.selector, node.addr));
        registry.bindingOf(node.addr);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeUnknown.selector, node.addr));
        registry.activeOperator(node.addr, 0);
        authorize(operator, node, 3);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.RoleInvalid.selector, 3));
        registry.activeOperator(node.addr, 0);
    }

    function testFuzz_pages_cover_all_nodes(uint256 from, uint256 count) public {
        for (uint256 i; i < 5; ++i) {
            operator = walletOf(100 + i);
            authorize(operator, walletOf(200 + i), 0);
        }
        (from, count) = (bound(from, 0, 7), bound(count, 0, 7));
        IRegistry.NodeView[] memory page = registry.nodesOf(0, from, count);
        uint256 expected = from >= 5 ? 0 : (count > 5 - from ? 5 - from : count);
        vm.assertEq(page.length, expected);
        for (uint256 i; i < expected; ++i) vm.assertEq(page[i].node, walletOf(200 + from + i).addr);
    }
}
