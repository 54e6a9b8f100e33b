// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnergyFaults} from "./base/EnergyFaults.sol";
import {IEnergyCertificates} from "./interfaces/IEnergyCertificates.sol";
import {IEnergyMarket} from "./interfaces/IEnergyMarket.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IStewardship} from "./interfaces/IStewardship.sol";

/// @title EnergyMarket, as IEnergyMarket describes it.
contract EnergyMarket is EnergyFaults {
    uint8 private constant ENERGY_ROLE = 2;
    /// @dev Days after the last one in which a lock stays: the last day must be settled from it.
    uint256 private constant LOCK_DAYS = 2;
    bytes32 private constant ADMISSION_TYPE = keccak256(
        "Admission(bytes32 community,address node,bytes32 meter,bytes32 connection,uint32 fuseWatts,uint32 pvPeakWatts,uint64 expiry)"
    );
    bytes32 private constant LEAVE_TYPE = keccak256("Leave(bytes32 community,address node,bytes32 meter)");
    bytes32 private constant SETTLEMENT_TYPE = keccak256(
        "Settlement(bytes32 community,uint32 day,bytes32 root,bytes32 netsHash)"
    );

    IPayments private immutable PAYMENTS;
    IStewardship private immutable STEWARDSHIP;
    IEnergyCertificates private immutable CERTIFICATES;

    mapping(bytes32 community => CommunityView) private _communities;
    mapping(address founder => uint256) private _founded;
    mapping(address node => MemberView) private _members;
    /// @dev Meters and connections that are taken; of a self-declared community within it alone, so that nobody can take a stranger's away.
    mapping(bytes32 scope => mapping(bytes32 meterOrConnection => address node)) private _taken;

    constructor(
        IRegistry registry,
        IPayments payments,
        IStewardship stewardship,
        IEnergyCertificates certificates,
        Timing memory timing_
    ) EnergyFaults(registry, timing_) {
        (PAYMENTS, STEWARDSHIP, CERTIFICATES) = (payments, stewardship, certificates);
    }

    /// @inheritdoc IEnergyMarket
    function found(address admitter) external override returns (bytes32 community) {
        if (!STEWARDSHIP.newWorkAllowed()) revert NewWorkStopped();
        community = keccak256(abi.encode(msg.sender, _founded[msg.sender]++));
        (_communities[community].admitter, _communities[community].founder) = (admitter, msg.sender);
        emit CommunityFounded(community, admitter, msg.sender);
    }

    /// @inheritdoc IEnergyMarket
    function setTariff(
        bytes32 community,
        uint32 fromDay,
        uint32 feedInGweiPerWh,
        uint32 retailGweiPerWh
    ) external override {
        CommunityView storage known = _communities[community];
        address admitter = known.admitter == address(0) ? known.founder : known.admitter;
        if (admitter != msg.sender) revert NotAdmitter(community, msg.sender);
        if (feedInGweiPerWh > retailGweiPerWh) revert TariffInvalid(feedInGweiPerWh, retailGweiPerWh);
        uint32 today = _today();
        if (fromDay <= today) revert TariffTooLate(fromDay, today);
        if (known.tariffDay <= today) {
            (known.earlierFeedInGweiPerWh, known.earlierRetailGweiPerWh) = (
                known.feedInGweiPerWh,
                known.retailGweiPerWh
            );
        }
        (known.feedInGweiPerWh, known.retailGweiPerWh) = (feedInGweiPerWh, retailGweiPerWh);
        known.tariffDay = fromDay;
        emit TariffSet(community, fromDay, feedInGweiPerWh, retailGweiPerWh);
    }

    /// @inheritdoc IEnergyMarket
    function admit(
        Admission calldata admission,
        bytes calldata admitterSignature,
        bytes calldata nodeSignature
    ) external override {
        CommunityView storage known = _communities[admission.community];
        if (known.founder == address(0)) revert CommunityUnknown(admission.community);
        if (block.timestamp > admission.expiry) revert AdmissionExpired(admission.expiry);
        bytes32 structHash = keccak256(abi.encode(ADMISSION_TYPE, admission));
        if (known.admitter != address(0)) _requireSignedBy(known.admitter, structHash, admitterSignature);
        _requireSignedBy(admission.node, structHash, nodeSignature);
        address operator = REGISTRY.activeOperator(admission.node, ENERGY_ROLE);
        MemberView storage member = _members[admission.node];
        if (member.meter != 0) revert AlreadyMember(admission.node);
        bytes32 scope = _scopeOf(admission.community, known);
        if (_taken[scope][admission.meter] != address(0)) revert MeterTaken(admission.meter);
        if (_taken[scope][admission.connection] != address(0)) revert ConnectionTaken(admission.connection);
        (_taken[scope][admission.meter], _taken[scope][admission.connection]) = (admission.node, admission.node);
        (member.community, member.meter) = (admission.community, admission.meter);
        (member.connection, member.fuseWatts) = (admission.connection, admission.fuseWatts);
        member.pvPeakWatts = admission.pvPeakWatts;
        REGISTRY.workBegan(operator);
        emit Admitted(admission.community, admission.node, admission.meter, admission.connection);
    }

    /// @inheritdoc IEnergyMarket
    function resign(address node, bytes calldata signature) external override {
        MemberView storage member = _members[node];
        if (member.meter == 0 || member.leftDay != 0) revert NotMember(member.community, node);
        if (msg.sender != _communities[member.community].admitter) {
            _requireSignedBy(node, keccak256(abi.encode(LEAVE_TYPE, member.community, node, member.meter)), signature);
        }
        member.leftDay = _today() + 1;
        emit Left(member.community, node, member.leftDay);
    }

    /// @inheritdoc IEnergyMarket
    function lock(address node, uint256 amountWei) external override {
        MemberView storage member = _members[node];
        if (member.meter == 0 || member.leftDay != 0) revert NotMember(member.community, node);
        if (member.funder == address(0)) member.funder = msg.sender;
        PAYMENTS.fundEscrow(msg.sender, _lockId(member.community, node), amountWei);
    }

    /// @inheritdoc IEnergyMarket
    function withdrawLock(address node) external override {
        MemberView storage member = _members[node];
        bytes32 community = member.community;
        if (member.leftDay == 0) revert NotMember(community, node);
        uint256 until = (uint256(member.leftDay) + LOCK_DAYS) * SLOTS_PER_DAY * SLOT_SECONDS;
        if (block.timestamp < until) revert StillMember(until);
        bytes32 scope = _scopeOf(community, _communities[community]);
        delete _taken[scope][member.meter];
        delete _taken[scope][member.connection];
        address funder = member.funder;
        delete _members[node];
        REGISTRY.workEnded(REGISTRY.operatorOf(node));
        if (funder == address(0)) funder = REGISTRY.operatorOf(node);
        emit LockWithdrawn(community, node, PAYMENTS.refundEscrow(_lockId(community, node), funder));
    }

    /// @inheritdoc IEnergyMarket
    function settleDay(Settlement calldata settlement) external override {
        (bytes32 community, uint32 day) = (settlement.day.community, settlement.day.day);
        _requireSettleable(community, day, settlement.poster);
        _record(settlement);
        _requireBalance(community, day, settlement.nets);
        bool selfDeclared = _communities[community].admitter == address(0);
        _moveMoney(community, day, settlement.nets, selfDeclared);
        uint256 id = _mint(CERTIFICATES.idOf(community, day, selfDeclared), settlement.nets);
        emit DaySettled(community, day, settlement.poster, _days[community][day].root, settlement.nets, id);
    }

    /// @inheritdoc IEnergyMarket
    function communityOf(bytes32 community) external view override returns (CommunityView memory) {
        return _communities[community];
    }

    /// @inheritdoc IEnergyMarket
    function memberOf(address node) external view override returns (MemberView memory member) {
        member = _members[node];
        member.lockedWei = PAYMENTS.escrowOf(address(this), _lockId(member.community, node));
    }

    function _requireSettleable(bytes32 community, uint32 day, address poster) private view {
        uint256 endsAt = (uint256(day) + 1) * SLOTS_PER_DAY * SLOT_SECONDS;
        if (block.timestamp < endsAt) revert DayNotOver(day, endsAt);
        if (_days[community][day].postedAt != 0) revert DaySettledAlready(community, day);
        _requireMember(community, poster, day);
        if (REGISTRY.provisionOf(REGISTRY.operatorOf(poster), address(this)) == 0)
            revert PosterWithoutProvision(poster);
    }

    /// @dev Keeps what the poster signed, and the tariff that counted in the day.
    function _record(Settlement calldata settlement) private {
        (bytes32 community, uint32 day) = (settlement.day.community, settlement.day.day);
        DayView storage settled = _days[community][day];
        bytes32 root = _dayRoot(settlement.day);
        bytes32 netsHash = keccak256(abi.encode(settlement.nets));
        bytes32 structHash = keccak256(abi.encode(SETTLEMENT_TYPE, community, day, root, netsHash));
        _requireSignedBy(settlement.poster, structHash, settlement.signature);
        (settled.root, settled.netsHash, settled.poster) = (root, netsHash, settlement.poster);
        settled.postedAt = uint64(block.timestamp);
        CommunityView storage known = _communities[community];
        bool present = day >= known.tariffDay;
        settled.feedInGweiPerWh = present ? known.feedInGweiPerWh : known.earlierFeedInGweiPerWh;
        settled.retailGweiPerWh = present ? known.retailGweiPerWh : known.earlierRetailGweiPerWh;
    }

    /// @dev Money and certificates come out even, nodes are members of that day and stand once, and nobody certifies more than his
    /// panels can make in a day of full sun.
    function _requireBalance(bytes32 community, uint32 day, Net[] calldata nets) private view {
        int256 sum;
        uint256 certified;
        uint256 held;
        address before;
        for (uint256 i; i < nets.length; ++i) {
            Net calldata net = nets[i];
            if (net.node <= before) revert NetsNotRising(net.node);
            before = net.node;
            MemberView storage member = _requireMember(community, net.node, day);
            uint256 most = (uint256(member.pvPeakWatts) * SLOTS_PER_DAY * SLOT_SECONDS) / 1 hours;
            if (net.certifiedWh > most) revert CertifiedBeyondPeak(net.node, net.certifiedWh, most);
            sum += net.netWei;
            certified += net.certifiedWh;
            held += net.heldWh;
        }
        if (sum != 0) revert NetsNotBalanced(sum);
        if (certified != held) revert CertificatesNotBalanced(certified, held);
    }

    /// @dev First all who pay, then all who get: what lies between belongs to the day.
    function _moveMoney(bytes32 community, uint32 day, Net[] calldata nets, bool selfDeclared) private {
        bytes32 dayId = keccak256(abi.encode(community, day));
        for (uint256 i; i < nets.length; ++i) {
            if (nets[i].netWei >= 0) continue;
            uint256 amount = uint256(-int256(nets[i].netWei));
            PAYMENTS.moveEscrow(_lockId(community, nets[i].node), address(this), dayId, amount);
        }
        for (uint256 i; i < nets.length; ++i) {
            if (nets[i].netWei <= 0) continue;
            (address node, uint256 amount) = (nets[i].node, uint256(int256(nets[i].netWei)));
            if (selfDeclared) PAYMENTS.moveEscrow(dayId, address(this), _lockId(community, node), amount);
            else PAYMENTS.payFromEscrow(dayId, REGISTRY.operatorOf(node), node, address(this), amount);
        }
    }

    function _mint(uint256 id, Net[] calldata nets) private returns (uint256) {
        address[] memory holders = new address[](nets.length);
        uint256[] memory amounts = new uint256[](nets.length);
        for (uint256 i; i < nets.length; ++i) {
            (holders[i], amounts[i]) = (REGISTRY.operatorOf(nets[i].node), nets[i].heldWh);
        }
        CERTIFICATES.mint(id, holders, amounts);
        return id;
    }

    function _requireMember(
        bytes32 community,
        address node,
        uint32 day
    ) private view returns (MemberView storage member) {
        member = _members[node];
        bool left = member.leftDay != 0 && day >= member.leftDay;
        if (member.meter == 0 || member.community != community || left) revert NotMember(community, node);
    }

    /// @dev One scope for all communities with admitters, one for each self-declared one.
    function _scopeOf(bytes32 community, CommunityView storage known) private view returns (bytes32) {
        return known.admitter == address(0) ? community : bytes32(0);
    }

    function _lockId(bytes32 community, address node) private pure returns (bytes32) {
        return keccak256(abi.encode(community, node));
    }

    function _today() private view returns (uint32) {
        return uint32(block.timestamp / (SLOTS_PER_DAY * SLOT_SECONDS));
    }
}
