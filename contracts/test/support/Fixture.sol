// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnergyCertificates} from "../../src/EnergyCertificates.sol";
import {EnergyMarket} from "../../src/EnergyMarket.sol";
import {HearthToken} from "../../src/HearthToken.sol";
import {Payments} from "../../src/Payments.sol";
import {Rewards} from "../../src/Rewards.sol";
import {Registry} from "../../src/Registry.sol";
import {RenderMarket} from "../../src/RenderMarket.sol";
import {RenderPanel} from "../../src/RenderPanel.sol";
import {RenderPool} from "../../src/RenderPool.sol";
import {RepairFund} from "../../src/RepairFund.sol";
import {Seeds} from "../../src/Seeds.sol";
import {Stewardship} from "../../src/Stewardship.sol";
import {StorageMarket} from "../../src/StorageMarket.sol";
import {IPayments} from "../../src/interfaces/IPayments.sol";
import {RenderMarketViews} from "../../src/base/RenderMarketViews.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {IEnergyMarket} from "../../src/interfaces/IEnergyMarket.sol";
import {IRenderMarket} from "../../src/interfaces/IRenderMarket.sol";
import {ISentences} from "../../src/interfaces/ISentences.sol";
import {IStorageMarket} from "../../src/interfaces/IStorageMarket.sol";
import {Emission} from "../../src/libraries/Emission.sol";
import {Base, Wallet} from "./Base.sol";
import {Trees} from "./Trees.sol";

/// @dev All contracts with practice times, and builders of signed messages. This contract holds the genesis supply.
abstract contract Fixture is Base {
    uint256 internal constant PERIOD = 30;
    uint256 internal constant GAP = 20;
    uint256 internal constant SLOT = 10;
    uint256 internal constant WINDOW = 900;
    uint256 internal constant THAW = 60;
    uint256 internal constant CLEAR_DELAY = 60;
    uint256 internal constant UNBONDING = 180;
    uint256 internal constant NOTICE = 120;
    uint256 internal constant EPOCH = 60;
    uint256 internal constant TURN = 30;
    uint256 internal constant REVEAL = 20;
    uint256 internal constant SILENCE = 60;
    uint256 internal constant ENERGY_SLOT = 15;
    uint256 internal constant SLOTS_PER_DAY = 8;
    uint32 internal constant PAYOUT_WAIT = 90;
    uint256 internal constant SUPPLY = 1e26;
    uint96 internal constant PRICE = 1e24;

    HearthToken internal token;
    Registry internal registry;
    Seeds internal seeds;
    Stewardship internal stewardship;
    Payments internal payments;
    StorageMarket internal market;
    RepairFund internal repairFund;
    Rewards internal rewards;
    RenderPool internal renderPool;
    RenderMarket internal renderMarket;
    RenderPanel internal renderPanel;
    EnergyCertificates internal certificates;
    EnergyMarket internal energyMarket;

    Wallet internal operator;
    Wallet internal node;
    Wallet internal customer;
    Wallet internal admin;
    Wallet internal guard;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(1000);
        admin = walletOf(4000);
        guard = walletOf(4001);
        deploy(ISentences.Branding(true, "Hearth", "PLAY"));
        operator = walletOf(1);
        node = walletOf(2);
        customer = walletOf(3);
    }

    function deploy(ISentences.Branding memory branding) internal {
        uint64 nonce = vm.getNonce(address(this)) + 1;
        address rewardsAt = vm.computeCreateAddress(address(this), nonce + 6);
        stewardship = new Stewardship(admin.addr, guard.addr, rewardsAt, NOTICE);
        address registryAt = vm.computeCreateAddress(address(this), nonce + 1);
        address seedsAt = vm.computeCreateAddress(address(this), nonce + 2);
        address paymentsAt = vm.computeCreateAddress(address(this), nonce + 3);
        address repairFundAt = vm.computeCreateAddress(address(this), nonce + 5);
        token = new HearthToken(branding, stewardship, address(this), SUPPLY, clock());
        registry = new Registry(branding, token, stewardship, marketsFrom(nonce), WINDOW, UNBONDING);
        seeds = new Seeds(SLOT);
        payments = new Payments(
            branding,
            token,
            Registry(registryAt),
            Rewards(rewardsAt),
            marketsFrom(nonce),
            repairFundAt,
            THAW,
            PAYOUT_WAIT,
            clock()
        );
        market = new StorageMarket(
            registry,
            Seeds(seedsAt),
            Payments(paymentsAt),
            repairFundAt,
            IStorageMarket.Timing(PERIOD, 3, GAP, 30, CLEAR_DELAY)
        );
        repairFund = new RepairFund(registry, payments, market, PERIOD);
        rewards = new Rewards(token, payments);
        deployLater(nonce);
    }

    function deployLater(uint64 nonce) private {
        address renderMarketAt = vm.computeCreateAddress(address(this), nonce + 8);
        address renderPanelAt = vm.computeCreateAddress(address(this), nonce + 9);
        IRenderMarket.Timing memory timing = IRenderMarket.Timing(TURN, TURN / SLOT, REVEAL, SILENCE);
        renderPool = new RenderPool(registry, renderMarketAt, TURN, SILENCE);
        renderMarket = new RenderMarket(
            RenderMarketViews.Others(registry, seeds, payments, stewardship, renderPool, renderPanelAt),
            timing
        );
        renderPanel = new RenderPanel(registry, seeds, renderPool, renderMarket, timing);
        certificates = new EnergyCertificates(vm.computeCreateAddress(address(this), nonce + 11));
        energyMarket = new EnergyMarket(
            registry,
            payments,
            stewardship,
            certificates,
            IEnergyMarket.Timing(ENERGY_SLOT, SLOTS_PER_DAY, THAW)
        );
    }

    /// @dev Addresses that the markets will have: `nonce` is that of the token.
    function marketsFrom(uint64 nonce) private view returns (ISentences.Markets memory) {
        return
            ISentences.Markets(
                vm.computeCreateAddress(address(this), nonce + 4),
                vm.computeCreateAddress(address(this), nonce + 8),
                vm.computeCreateAddress(address(this), nonce + 11)
            );
    }

    function markets() internal view returns (ISentences.Markets memory) {
        return ISentences.Markets(address(market), address(renderMarket), address(energyMarket));
    }

    function clock() internal view returns (Emission.Clock memory) {
        return Emission.Clock(EPOCH, block.timestamp / EPOCH - 1);
    }

    // Sentences

    function minutesAhead(uint256 hour) internal view returns (uint32) {
        return uint32((block.timestamp + hour * 3600) / 60);
    }

    function bindingOf(
        Wallet memory owner,
        Wallet memory key,
        uint8 role,
        uint32 deadlineMinutes
    ) internal view returns (IRegistry.NodeBinding memory) {
        bytes32 typeHash = keccak256(
            "Accept(address operator,uint8 role,address registry,uint256 chainId,uint64 deadline)"
        );
        bytes32 structHash = keccak256(
            abi.encode(typeHash, owner.addr, role, address(registry), block.chainid, uint256(deadlineMinutes) * 60)
        );
        bytes memory publicKey = abi.encodePacked(key.publicKeyX, key.publicKeyY);
        bytes memory acceptance = signed(key, typedDigest("Hearth Registry", address(registry), structHash));
        return IRegistry.NodeBinding(key.addr, role, publicKey, acceptance);
    }

    function authorizationOf(
        Wallet memory owner,
        Wallet memory key,
        uint8 role
    ) internal view returns (IRegistry.Authorization memory authorization) {
        uint32 deadline = minutesAhead(24);
        IRegistry.NodeBinding[] memory nodes = new IRegistry.NodeBinding[](1);
        nodes[0] = bindingOf(owner, key, role, deadline);
        uint32 number = registry.lastNumber(owner.addr, ISentences.Kind.Authorize) + 1;
        return IRegistry.Authorization(owner.addr, nodes, 100e6, 1e6, number, deadline);
    }

    function authorize(Wallet memory owner, Wallet memory key, uint8 role) internal {
        IRegistry.Authorization memory authorization = authorizationOf(owner, key, role);
        registry.authorize(authorization, signed(owner, personalDigest(registry.authorizeSentence(authorization))));
    }

    function revoke(Wallet memory owner, address key) internal {
        registry.revoke(owner.addr, key, signed(owner, personalDigest(registry.revokeSentence(key))));
    }

    function stakeEarned(Wallet memory owner, uint64 micro) internal {
        uint32 number = payments.lastNumber(owner.addr, ISentences.Kind.Stake) + 1;
        uint32 deadline = minutesAhead(24);
        string memory text = payments.stakeSentence(owner.addr, address(market), micro, number, deadline);
        bytes memory signature = signed(owner, personalDigest(text));
        payments.stake(owner.addr, address(market), micro, number, deadline, signature);
    }

    /// @dev A voucher of which the node's operator gets nineteen twentieths.
    function earnByVoucher(uint256 amount) internal {
        lock(customer.addr, node.addr, amount);
        (IPayments.Voucher memory voucher, bytes memory signature) = voucherOf(
            customer,
            node.addr,
            bytes32(gasleft()),
            amount
        );
        payments.redeem(voucher, signature);
    }

    function unstake(Wallet memory owner, uint64 micro) internal {
        uint32 number = registry.lastNumber(owner.addr, ISentences.Kind.Unstake) + 1;
        uint32 deadline = minutesAhead(24);
        string memory text = registry.unstakeSentence(owner.addr, address(market), micro, number, deadline);
        bytes memory signature = signed(owner, personalDigest(text));
        registry.unstake(owner.addr, address(market), micro, number, deadline, signature);
    }

    function claim(Wallet memory owner, uint64 micro) internal {
        uint32 number = payments.lastNumber(owner.addr, ISentences.Kind.Claim) + 1;
        uint32 deadline = minutesAhead(24);
        string memory text = payments.claimSentence(owner.addr, micro, number, deadline);
        payments.claim(owner.addr, micro, number, deadline, signed(owner, personalDigest(text)));
    }

    function changePayout(Wallet memory owner, address to) internal {
        uint32 number = payments.lastNumber(owner.addr, ISentences.Kind.Payout) + 1;
        uint32 deadline = minutesAhead(24);
        string memory text = payments.payoutSentence(to, number, deadline);
        payments.changePayout(owner.addr, to, number, deadline, signed(owner, personalDigest(text)));
    }

    function cancelPayout(Wallet memory owner) internal {
        uint32 number = payments.lastNumber(owner.addr, ISentences.Kind.CancelPayout) + 1;
        uint32 deadline = minutesAhead(24);
        address to = payments.payoutChangeOf(owner.addr).to;
        string memory text = payments.cancelPayoutSentence(to, number, deadline);
        payments.cancelPayout(owner.addr, number, deadline, signed(owner, personalDigest(text)));
    }

    /// @dev Announces, waits and finishes.
    function movePayout(Wallet memory owner, address to) internal {
        changePayout(owner, to);
        vm.warp(block.timestamp + PAYOUT_WAIT);
        payments.finishPayout(owner.addr);
    }

    // Typed data

    function typedDigest(string memory name, address verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function voucherOf(
        Wallet memory payer,
        address key,
        bytes32 lane,
        uint256 cumulative
    ) internal view returns (IPayments.Voucher memory voucher, bytes memory signature) {
        voucher = IPayments.Voucher(payer.addr, key, lane, cumulative, uint64(block.timestamp + 1 days));
        signature = signVoucher(payer, voucher);
    }

    function signVoucher(Wallet memory payer, IPayments.Voucher memory voucher) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Voucher(address customer,address node,bytes32 lane,uint256 cumulativeWei,uint64 expiry)"),
                voucher.customer,
                voucher.node,
                voucher.lane,
                voucher.cumulativeWei,
                voucher.expiry
            )
        );
        return signed(payer, typedDigest("Hearth Payments", address(payments), structHash));
    }

    function acceptanceOf(uint32 sequence) internal view returns (IStorageMarket.Acceptance memory) {
        return IStorageMarket.Acceptance(PRICE, 1000, 100_000, sequence, uint64(block.timestamp + 600));
    }

    function signAcceptance(
        Wallet memory key,
        address payer,
        IStorageMarket.Piece[] memory pieces,
        IStorageMarket.Acceptance memory acceptance
    ) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "PieceAcceptance(address customer,address node,bytes32 piecesHash,uint96 pricePerGiBPeriodWei,uint64 retrievalPricePerMiBWei,uint40 minimumBytesPerSecond,uint32 sequence,uint64 expiry)"
                ),
                payer,
                key.addr,
                keccak256(abi.encode(pieces)),
                acceptance.pricePerGiBPeriodWei,
                acceptance.retrievalPricePerMiBWei,
                acceptance.minimumBytesPerSecond,
                acceptance.sequence,
                acceptance.expiry
            )
        );
        return signed(key, typedDigest("Hearth StorageMarket", address(market), structHash));
    }

    // Money and data sets

    function fund(address account, uint256 amount) internal {
        token.transfer(account, amount);
        vm.prank(account);
        token.approve(address(payments), type(uint256).max);
    }

    function stake(address owner, uint256 amount) internal {
        token.approve(address(registry), amount);
        registry.stakeFor(owner, address(market), amount);
    }

    function lock(address payer, address key, uint256 amount) internal {
        address[] memory nodes = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (nodes[0], amounts[0]) = (key, amount);
        vm.prank(payer);
        payments.lock(nodes, amounts);
    }

    /// @dev Pieces whose leaves follow from `first`, `first` + 1 and so on.
    function piecesOf(
        uint256 first,
        uint256 count,
        uint256 leafCount
    ) internal pure returns (IStorageMarket.Piece[] memory pieces) {
        pieces = new IStorageMarket.Piece[](count);
        for (uint256 i; i < count; ++i) {
            pieces[i] = IStorageMarket.Piece(Trees.rootOf(first + i, leafCount), uint32(leafCount * 32));
        }
    }

    function addPieces(IStorageMarket.Piece[] memory pieces, uint256 deposit) internal {
        uint32 sequence = sequenceOf(customer.addr, node.addr);
        IStorageMarket.Acceptance memory acceptance = acceptanceOf(sequence);
        bytes memory signature = signAcceptance(node, customer.addr, pieces, acceptance);
        vm.prank(customer.addr);
        market.addPieces(node.addr, pieces, acceptance, signature, deposit);
    }

    function sequenceOf(address payer, address key) internal view returns (uint32) {
        try market.dataSet(payer, key) returns (IStorageMarket.SetView memory set) {
            return uint32(set.sequence);
        } catch {
            return 0;
        }
    }

    function currentPeriod() internal view returns (uint256) {
        return block.timestamp / PERIOD;
    }

    /// @dev Goes to the first second of the next period; its seed is open.
    function openNextPeriod() internal returns (uint256 period) {
        period = currentPeriod() + 1;
        vm.warp(period * PERIOD);
        seeds.open(period * 3);
    }

    function capture(uint256 period) internal {
        vm.roll(block.number + 9);
        seeds.capture(period * 3);
    }

    /// @dev Goes to the next period with its seed captured in time.
    function nextPeriod() internal returns (uint256 period) {
        period = openNextPeriod();
        capture(period);
    }

    /// @dev Proof for a set whose pieces are `piecesOf(first, ..., leafCount)` without removals.
    function proofOf(uint256 first, uint256 leafCount, uint256 period) internal view returns (bytes memory proof) {
        uint256[] memory leaves = market.challengesOf(customer.addr, node.addr, period);
        for (uint256 i; i < leaves.length; ++i) {
            proof = abi.encodePacked(
                proof,
                Trees.proofOf(first + leaves[i] / leafCount, leafCount, leaves[i] % leafCount)
            );
        }
    }

    /// @dev A bound node with a customer's set of ten pieces of 8 leaves, at the first period in which it must be proven.
    function startSet() internal returns (uint256 period) {
        authorize(operator, node, 0);
        fund(customer.addr, 1e24);
        addPieces(piecesOf(0, 10, 8), 1e20);
        return nextPeriod();
    }

    function prove(uint256 period) internal {
        market.provePossession(customer.addr, node.addr, period, proofOf(0, 8, period));
    }
}
