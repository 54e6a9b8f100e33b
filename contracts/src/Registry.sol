// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISentences} from "./interfaces/ISentences.sol";
import {IStewardship} from "./interfaces/IStewardship.sol";
import {SentenceVerifier} from "./base/SentenceVerifier.sol";
import {StakeSentences} from "./base/StakeSentences.sol";
import {Provisions} from "./base/Provisions.sol";
import {Text} from "./libraries/Text.sol";

/// @title Registry, as IRegistry describes it.
contract Registry is Provisions, EIP712 {
    struct Node {
        address operator;
        uint8 role;
        bool revoked;
        uint40 boundAt;
        uint32 authorization;
    }

    bytes32 private constant ACCEPT_TYPE = keccak256(
        "Accept(address operator,uint8 role,address registry,uint256 chainId,uint64 deadline)"
    );
    bytes32 private constant TERMS_TYPE = keccak256(
        "PriceTerms(address node,uint96 pricePerGiBPeriodWei,uint64 retrievalPricePerMiBWei,uint40 minimumBytesPerSecond,uint32 sequence)"
    );

    IStewardship private immutable STEWARDSHIP;

    mapping(address node => Node) private _nodes;
    mapping(address node => bytes32[2] publicKey) private _publicKeys;
    mapping(address node => Terms) private _terms;
    mapping(uint8 role => address[]) private _nodesByRole;
    mapping(address operator => mapping(address node => bool)) private _refused;
    mapping(address operator => mapping(uint32 number => Allowance)) private _allowances;

    constructor(
        Branding memory branding,
        IERC20 token,
        IStewardship stewardship,
        Markets memory markets,
        uint256 slashWindowSeconds,
        uint256 unbondingSeconds_
    )
        SentenceVerifier(branding)
        StakeSentences(markets)
        Provisions(token, slashWindowSeconds, unbondingSeconds_)
        EIP712("Hearth Registry", "1")
    {
        STEWARDSHIP = stewardship;
    }

    /// @inheritdoc IRegistry
    function authorize(Authorization calldata authorization, bytes calldata signature) external override {
        _requireNewWork();
        address operator = authorization.operator;
        uint32 number = authorization.number;
        _useNumber(operator, ISentences.Kind.Authorize, number, authorization.deadlineMinutes);
        (uint256 start, uint256 end) = _authorizeText(authorization);
        _requireConsent(operator, Text.digest(start, end), signature);
        uint256 riskWei = uint256(authorization.riskMicro) * MICRO;
        _allowances[operator][number] = Allowance(uint96(riskWei), 0, authorization.spendPerDayMicro);
        for (uint256 i; i < authorization.nodes.length; ++i) {
            _bind(operator, number, authorization.deadlineMinutes, authorization.nodes[i]);
        }
        emit Authorized(operator, number, riskWei, authorization.spendPerDayMicro);
    }

    /// @inheritdoc IRegistry
    function revoke(address operator, address node, bytes calldata signature) external override {
        (uint256 start, uint256 end) = _revokeText(node);
        _requireConsent(operator, Text.digest(start, end), signature);
        Node storage record = _nodes[node];
        if (record.operator == address(0)) {
            if (_refused[operator][node]) return;
            _refused[operator][node] = true;
        } else {
            if (record.operator != operator) revert NotOperatorOf(node, operator);
            if (record.revoked) return;
            record.revoked = true;
        }
        emit NodeRevoked(node, operator);
    }

    /// @inheritdoc IRegistry
    function setTerms(address node, Terms calldata terms, bytes calldata signature) external override {
        Node storage record = _nodes[node];
        if (record.operator == address(0)) revert NodeUnknown(node);
        if (record.revoked) revert NodeIsRevoked(node);
        uint32 last = _terms[node].sequence;
        if (terms.sequence <= last) revert TermsNotNewer(terms.sequence, last);
        bytes32 structHash = keccak256(
            abi.encode(
                TERMS_TYPE,
                node,
                terms.pricePerGiBPeriodWei,
                terms.retrievalPricePerMiBWei,
                terms.minimumBytesPerSecond,
                terms.sequence
            )
        );
        address signer = _recover(structHash, signature);
        if (signer != node) revert TermsSignatureInvalid(node, signer);
        _terms[node] = terms;
        emit TermsSet(node, terms);
    }

    /// @inheritdoc IRegistry
    function slash(address node) external override onlyMarket returns (uint256 slashedWei) {
        Node storage record = _nodes[node];
        address operator = record.operator;
        Allowance storage allowance = _allowances[operator][record.authorization];
        slashedWei = _slash(operator, node, allowance.riskWei - allowance.slashedWei);
        if (slashedWei != 0) allowance.slashedWei += uint96(slashedWei);
    }

    /// @inheritdoc IRegistry
    function operatorOf(address node) external view override returns (address) {
        return _nodes[node].operator;
    }

    /// @inheritdoc IRegistry
    function bindingOf(address node) external view override returns (address operator, uint8 role) {
        Node storage record = _nodes[node];
        (operator, role) = (record.operator, record.role);
        if (operator == address(0)) revert NodeUnknown(node);
    }

    /// @inheritdoc IRegistry
    function activeOperator(address node, uint8 role) external view override returns (address) {
        _requireNewWork();
        Node storage record = _nodes[node];
        if (record.operator == address(0)) revert NodeUnknown(node);
        if (record.revoked) revert NodeIsRevoked(node);
        if (record.role != role) revert RoleInvalid(record.role);
        return record.operator;
    }

    /// @inheritdoc IRegistry
    function allowanceOf(address operator, uint32 number) external view override returns (Allowance memory) {
        return _allowances[operator][number];
    }

    /// @inheritdoc IRegistry
    function nodeOf(address node) public view override returns (NodeView memory) {
        Node storage record = _nodes[node];
        bytes32[2] storage key = _publicKeys[node];
        return
            NodeView({
                node: node,
                operator: record.operator,
                role: record.role,
                revoked: record.revoked,
                boundAt: record.boundAt,
                authorization: record.authorization,
                publicKeyX: key[0],
                publicKeyY: key[1],
                terms: _terms[node]
            });
    }

    /// @inheritdoc IRegistry
    function nodeCount(uint8 role) external view override returns (uint256) {
        return _nodesByRole[role].length;
    }

    /// @inheritdoc IRegistry
    function nodesOf(uint8 role, uint256 from, uint256 count) external view override returns (NodeView[] memory page) {
        address[] storage nodes = _nodesByRole[role];
        uint256 total = nodes.length;
        if (from >= total) return page;
        if (count > total - from) count = total - from;
        page = new NodeView[](count);
        for (uint256 i; i < count; ++i) {
            page[i] = nodeOf(nodes[from + i]);
        }
    }

    function _bind(address operator, uint32 number, uint32 deadlineMinutes, NodeBinding calldata binding) private {
        address node = binding.node;
        Node storage record = _nodes[node];
        if (record.operator != address(0)) revert NodeAlreadyBound(node, record.operator);
        if (_refused[operator][node]) revert NodeIsRevoked(node);
        bytes calldata publicKey = binding.publicKey;
        // The address of a key is the hash of its 64 bytes: no other pair of coordinates can stand in for it.
        if (publicKey.length != 64 || address(uint160(uint256(keccak256(publicKey)))) != node) {
            revert PublicKeyInvalid(node);
        }
        bytes32 structHash = keccak256(
            abi.encode(ACCEPT_TYPE, operator, binding.role, address(this), block.chainid, uint256(deadlineMinutes) * 60)
        );
        address signer = _recover(structHash, binding.acceptance);
        if (signer != node) revert AcceptanceInvalid(node, signer);
        _nodes[node] = Node(operator, binding.role, false, uint40(block.timestamp), number);
        _publicKeys[node] = [bytes32(publicKey[:32]), bytes32(publicKey[32:])];
        _nodesByRole[binding.role].push(node);
        emit NodeBound(node, operator, binding.role, number, publicKey);
    }

    /// @dev Every market begins work through `activeOperator`, and a machine joins by `authorize`: nothing else asks.
    function _requireNewWork() private view {
        if (!STEWARDSHIP.newWorkAllowed()) revert NewWorkStopped();
    }

    /// @dev Zero for anything that is not a well-formed low-s signature.
    function _recover(bytes32 structHash, bytes calldata signature) private view returns (address signer) {
        (signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
    }
}
